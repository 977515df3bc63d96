package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Vowpal Wabbit's published average loss for {@code 0001.dat --ftrl --ftrl_alpha 0.01 --ftrl_beta 0 --l1 2}: 0.379717.
 *
 * <p>Its squared loss is (p - y)² with the slope 2 (p - y); ours is half of that. With gradients twice as large, z and l1 are
 * twice as large, √n is twice as large, and the same weights come out: its l1 of 2 is our l1 of 1 (beta and l2 would be halved as
 * well), and its alpha is ours. It adds a constant feature, as we do, and clips predictions to the range of labels so far, which
 * on these data makes no difference. 18 bits of hash lead to no collision that matters: here every name has a row of its own.
 */
class VowpalWabbitFigureTest {
    private static final Path DATA = Path.of("../../../shared/data/vw/0001.dat");
    private static final double PUBLISHED = 0.379717;

    @Test
    void itsFtrlAndOursComeToTheSameLoss() throws IOException {
        assertThat(averageLoss(1, true, false)).isCloseTo(PUBLISHED, within(5e-6));
    }

    @Test
    void clippingMakesNoDifferenceHere() throws IOException {
        assertThat(averageLoss(1, true, true)).isCloseTo(PUBLISHED, within(5e-6));
    }

    @Test
    void withoutItsDefinitionOfTheLossOrItsConstantItIsAnother() throws IOException {
        assertThat(averageLoss(2, true, false)).isCloseTo(0.384457, within(5e-6));
        assertThat(averageLoss(1, false, false)).isCloseTo(0.453998, within(5e-6));
    }

    private static double averageLoss(double l1, boolean constant, boolean clipped) throws IOException {
        assumeTrue(Files.exists(DATA), DATA + " is not here");
        List<String> lines = Files.readAllLines(DATA);
        Map<String, Integer> rows = new HashMap<>();
        rows.put("Constant", 0);
        Layout layout =
                new Layout(List.of("w", "z", "n", "root_n"), 1, List.of(), new DenseSpan(0, 0, 0, 0, 1, 4), 0, 1 << 14);
        double sum = 0;
        double least = 0;
        double most = 0;
        try (FtrlLearner learner = new FtrlLearner(Loss.SQUARED, layout, new FtrlSettings(0.01, 0, l1, 0))) {
            for (String line : lines) {
                Instance instance = read(line, rows, constant);
                least = Math.min(least, instance.label());
                most = Math.max(most, instance.label());
                double prediction = learner.predict(instance);
                double told = clipped ? Math.max(least, Math.min(most, prediction)) : prediction;
                sum += (told - instance.label()) * (told - instance.label());
                learner.learn(instance, told);
            }
        }
        return sum / lines.size();
    }

    /** {@code label |namespace name:value name:value ...}. */
    private static Instance read(String line, Map<String, Integer> rows, boolean constant) {
        String[] words = line.trim().split("\\s+");
        Instance instance = new Instance().at(0, 0).rewarded(Loss.SQUARED, Double.parseDouble(words[0]), 1);
        SparseVector vector = instance.vector();
        for (int i = 2; i < words.length; i++) {
            String[] parts = words[i].split(":");
            int row = rows.computeIfAbsent(parts[0], name -> rows.size());
            vector.add(row, parts.length > 1 ? Float.parseFloat(parts[1]) : 1);
        }
        if (constant) {
            vector.add(0, 1);
        }
        return instance;
    }
}
