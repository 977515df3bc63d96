package io.millrace.local.demo;

/**
 * What the demo measured of the engine, beside what its audience was shown. Numbers that are not known are NaN.
 *
 * @param feedback how many pieces of feedback were acknowledged
 * @param freshnessMs from the acknowledgement of a final feedback to the first decision by a model that learned from it
 * @param positiveFreshnessMs the same of labels above 0
 * @param negativeFreshnessMs the same of the others
 * @param rankMs from a rank request to its answer, as the client sees it
 * @param wallSeconds from the first request to the end
 */
public record Measured(
        long feedback,
        Progressive progressive,
        Quantiles freshnessMs,
        Quantiles positiveFreshnessMs,
        Quantiles negativeFreshnessMs,
        Quantiles rankMs,
        Model model,
        double wallSeconds) {
    /** How well the model predicted each example before it learned from it. */
    public record Progressive(
            long examples, double logLoss, double normalizedEntropy, double auc, double calibration) {}

    /** Milliseconds. */
    public record Quantiles(double p50, double p99, long count) {}

    /**
     * The model at the end.
     *
     * @param version offset of the first example not yet learned
     */
    public record Model(String lineage, long version, String digest, long parameters, long nonzero) {}
}
