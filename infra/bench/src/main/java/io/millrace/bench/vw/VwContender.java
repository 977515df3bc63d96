package io.millrace.bench.vw;

import io.millrace.bench.contest.Contender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import vowpalWabbit.learner.VWLearners;
import vowpalWabbit.learner.VWScalarLearner;

/**
 * Vowpal Wabbit, given lines of text. What its {@code learn} returns is the prediction made before the
 * weights moved; the tests hold it to that.
 */
final class VwContender implements Contender {
    private final String setting;
    private final String arguments;
    private final Supplier<String[]> lines;

    /** With as many weights as the other contenders have. */
    VwContender(String setting, Supplier<String[]> lines) {
        this(setting, VwSetting.arguments(setting), lines);
    }

    VwContender(String setting, String arguments, Supplier<String[]> lines) {
        this.setting = setting;
        this.arguments = arguments;
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
        return new VwLearning(VWLearners.create(arguments), lines.get());
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
