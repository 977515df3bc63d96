package io.millrace.trainer.learn;

/** Receives the loss of each prediction that was made before its example was learned, in the order of the log. */
@FunctionalInterface
public interface LossSink {
    /** @param loss on the scale of progressive validation, without the importance */
    void lost(double loss, double importance);
}
