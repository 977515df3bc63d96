package io.millrace.bench.contest;

/**
 * One setting of one learner, bound to the examples of one data set, which it has in a form of its own: making that is not
 * part of its time. Not thread-safe.
 */
public interface Contender {
    /** Whose: {@code vw}, {@code moa}, {@code millrace}. */
    String maker();

    /** Which learner, and how it is set. */
    String setting();

    /** What its time includes, in a few words. */
    String timed();

    /** A learner that has learned nothing. */
    Learning start();

    /** A learner and the examples before it. */
    interface Learning extends AutoCloseable {
        /**
         * Learns all examples, in order, in the calling thread. This is what is timed. To be called once.
         *
         * @param predictions filled with the probability of a positive label, made for each example before its label was
         *     seen
         */
        void learn(double[] predictions);

        /** Frees what it holds. */
        @Override
        void close();
    }
}
