package io.millrace.bench.contest;

/**
 * How good progressive predictions were (Blum, Kalai, Langford, "Beating the hold-out", COLT 1999).
 *
 * @param logLoss mean log-loss in nats, of predictions clipped to [{@value #CLIP}, 1 - {@value #CLIP}]: who is sure and
 *     wrong pays 34.5 at most
 * @param accuracy share of examples whose label is what the prediction says, a positive where it is above 1/2
 */
public record Score(double logLoss, double accuracy) {
    /** How close to 0 or 1 a prediction may be. */
    public static final double CLIP = 1e-15;

    /**
     * @throws IllegalArgumentException if a prediction is no probability
     */
    public static Score of(double[] predictions, boolean[] labels) {
        double loss = 0;
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            double prediction = predictions[i];
            if (!(prediction >= 0 && prediction <= 1)) {
                throw new IllegalArgumentException(
                        "prediction of example " + i + ": " + prediction + " (expected: 0 to 1)");
            }
            double clipped = Math.min(Math.max(prediction, CLIP), 1 - CLIP);
            loss -= StrictMath.log(labels[i] ? clipped : 1 - clipped);
            right += prediction > 0.5 == labels[i] ? 1 : 0;
        }
        return new Score(loss / labels.length, (double) right / labels.length);
    }
}
