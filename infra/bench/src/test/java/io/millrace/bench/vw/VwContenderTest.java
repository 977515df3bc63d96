package io.millrace.bench.vw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.ContenderContract;
import io.millrace.bench.contest.Score;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vowpalwabbit.spark.VowpalWabbitNative;
import vowpalWabbit.learner.VWLearners;
import vowpalWabbit.learner.VWScalarLearner;

class VwContenderTest extends ContenderContract {
    /** One of Vowpal Wabbit's own test inputs. */
    private static final Path PUBLISHED = Path.of("../../../shared/data/vw/0001.dat");

    private static final DataSet DATA = Synthetic.of(5000, 10, 1);

    @BeforeAll
    static void assumeItRunsHere() {
        assumeTrue(VwContenders.unavailable().isEmpty(), "no Vowpal Wabbit for this platform");
    }

    @Override
    protected List<Contender> contenders(DataSet data) {
        return VwContenders.of(data, List.of("-l 0.3 --power_t 0"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theLossIsWhatVowpalWabbitItselfSays(String setting) throws IOException {
        double[] predictions = new double[DATA.size()];
        VwContender contender = new VwContender(setting, () -> VwLines.of(DATA));
        try (Contender.Learning learning = contender.start()) {
            learning.learn(predictions);
        }
        try (VowpalWabbitNative vw = new VowpalWabbitNative(VwSetting.arguments(setting))) {
            for (String line : VwLines.of(DATA)) {
                vw.learnFromString(line);
            }
            vw.endPass();
            assertThat(Score.of(predictions, DATA.labels(), 1e-15).logLoss())
                    .isCloseTo(vw.getPerformanceStatistics().getAverageLoss(), within(1e-6));
        }
    }

    static List<String> settings() {
        return VwSetting.ALL;
    }

    /** Vowpal Wabbit's test suite publishes 0.379717 for these arguments. */
    @Test
    void whatLearnReturnsGivesThePublishedProgressiveLoss() throws IOException {
        assumeTrue(Files.exists(PUBLISHED), PUBLISHED + " is not here");
        List<String> lines = Files.readAllLines(PUBLISHED);
        double sum = 0;
        VWScalarLearner learner = VWLearners.create("--ftrl --ftrl_alpha 0.01 --ftrl_beta 0 --l1 2 --quiet");
        try (learner) {
            for (String line : lines) {
                double label = Double.parseDouble(line.substring(0, line.indexOf(' ')));
                double error = learner.learn(line) - label;
                sum += error * error;
            }
        }
        assertThat(sum / lines.size()).isCloseTo(0.379717, within(5e-7));
    }
}
