package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.score.Layout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The linear learners, and random examples of a few rows for them. */
enum TestingLinear {
    FTRL("learner: ftrl, alpha: 0.1, beta: 1"),
    NORMALIZED("learner: normalized, rate: 0.5"),
    COIN("learner: coin, wealth: 4");

    static final int ROWS = 40;
    static final PredictionSink SILENT = (at, prediction, label, importance) -> {};

    private final Map<Loss, PipelineSpec> specs = new EnumMap<>(Loss.class);
    private final int firstRow;

    TestingLinear(String settings) {
        for (Loss loss : Loss.values()) {
            specs.put(loss, TestingSpecs.movies("{" + settings + ", loss: " + loss.text() + ", bits: 8}"));
        }
        this.firstRow = Layout.of(specs.get(Loss.LOGISTIC)).firstFeature();
    }

    Learner learner(Loss loss) {
        return Learner.of(specs.get(loss));
    }

    /** The row of a feature, by its number. */
    int row(int feature) {
        return firstRow + feature;
    }

    Instance instance(Loss loss, double reward, double weight) {
        return new Instance().at(0, 0).rewarded(loss, reward, weight);
    }

    Instance random(Random random, Loss loss, long offset) {
        Instance instance = instance(loss, reward(random, loss), 1).at(offset, 0);
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            float value = random.nextInt(3) == 0 ? 1 : (float) random.nextGaussian();
            instance.vector().add(row(random.nextInt(ROWS)), value);
        }
        return instance;
    }

    static double reward(Random random, Loss loss) {
        return switch (loss) {
            case LOGISTIC -> random.nextInt(2);
            case SQUARED, ABSOLUTE -> random.nextGaussian();
            case POISSON -> random.nextInt(4);
        };
    }

    static Map<Integer, Double> summed(Instance instance) {
        Map<Integer, Double> x = new TreeMap<>();
        for (int i = 0; i < instance.vector().size(); i++) {
            x.merge(instance.vector().index(i), (double) instance.vector().value(i), Double::sum);
        }
        return x;
    }
}
