package io.millrace.bench.vw;

import io.millrace.bench.contest.Contender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import vowpalWabbit.learner.VWLearners;
import vowpalWabbit.learner.VWScalarLearner;

/**
 * Vowpal Wabbit with 2^22 weights, given lines of text. What its {@code learn} returns is the prediction made before the
 * weights moved; the tests hold it to that.
 */
final class VwContender implements Contender {
    private final String setting;
    private final Supplier<String[]> lines;

    VwContender(String setting, Supplier<String[]> lines) {
        this.setting = setting;
        this.lines = lines;
    }

    @Override
    public String maker() {
        return VwContenders.MAKER;
    }

    @Override
    public String setting() {
        return setting;
    }

    @Override
    public String timed() {
        return "parsing each line of text (made before), predicting, learning";
    }

    @Override
    public Learning start() {
        return new VwLearning(VWLearners.create(VwSetting.arguments(setting)), lines.get());
    }

    private record VwLearning(VWScalarLearner learner, String[] examples) implements Learning {
        @Override
        public void learn(double[] predictions) {
            for (int i = 0; i < examples.length; i++) {
                predictions[i] = learner.learn(examples[i]);
            }
        }

        @Override
        public void close() {
            try {
                learner.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
