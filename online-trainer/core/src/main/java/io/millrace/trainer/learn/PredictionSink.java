package io.millrace.trainer.learn;

/** Receives each prediction that was made before its example was learned, in the order of the log. */
@FunctionalInterface
public interface PredictionSink {
    /**
     * @param offset where the example stands in the log
     * @param prediction on the scale of the loss
     */
    void predicted(long offset, double prediction, double label, double importance);
}
