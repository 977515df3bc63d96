package io.millrace.bench.moa;

import com.yahoo.labs.samoa.instances.Instance;
import io.millrace.bench.contest.Contender;
import java.util.function.Supplier;
import moa.classifiers.AbstractClassifier;

/** One of MOA's learners; its votes, divided by their sum, are its probabilities, and 1/2 where nobody votes. */
final class MoaContender implements Contender {
    private final MoaLearner learner;
    private final Supplier<MoaInstances> instances;

    MoaContender(MoaLearner learner, Supplier<MoaInstances> instances) {
        this.learner = learner;
        this.instances = instances;
    }

    @Override
    public String maker() {
        return MoaContenders.MAKER;
    }

    @Override
    public String setting() {
        return learner.text();
    }

    @Override
    public String timed() {
        return "predicting and learning instances of numbers (made before)";
    }

    @Override
    public Learning start() {
        MoaInstances given = instances.get();
        AbstractClassifier classifier = learner.create();
        classifier.setModelContext(given.header());
        classifier.prepareForUse();
        return new MoaLearning(classifier, given.instances());
    }

    /** Share of the votes that a positive got. */
    static double probability(double[] votes) {
        double negative = votes.length > 0 ? votes[0] : 0;
        double positive = votes.length > 1 ? votes[1] : 0;
        double sum = negative + positive;
        return sum > 0 ? positive / sum : 0.5;
    }

    private record MoaLearning(AbstractClassifier classifier, Instance[] instances) implements Learning {
        @Override
        public void learn(double[] predictions) {
            for (int i = 0; i < instances.length; i++) {
                predictions[i] = probability(classifier.getVotesForInstance(instances[i]));
                classifier.trainOnInstance(instances[i]);
            }
        }

        @Override
        public void close() {
            // Nothing but memory.
        }
    }
}
