package io.millrace.bench.contest;

/**
 * How good progressive predictions were (Blum, Kalai, Langford, "Beating the hold-out", COLT 1999).
 *
 * @param logLoss mean log-loss in nats
 * @param accuracy share of examples whose label is what the prediction says, a positive where it is above 1/2
 */
public record Score(double logLoss, double accuracy) {
    /**
     * @param clip predictions are clipped to [clip, 1 - clip]: who is sure and wrong pays -ln(clip)
     * @throws IllegalArgumentException if a prediction is no probability
     */
    public static Score of(double[] predictions, boolean[] labels, double clip) {
        double loss = 0;
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            double prediction = predictions[i];
            if (!(prediction >= 0 && prediction <= 1)) {
                throw new IllegalArgumentException(
                        "prediction of example " + i + ": " + prediction + " (expected: 0 to 1)");
            }
            double clipped = Math.min(Math.max(prediction, clip), 1 - clip);
            loss -= StrictMath.log(labels[i] ? clipped : 1 - clipped);
            right += prediction > 0.5 == labels[i] ? 1 : 0;
        }
        return new Score(loss / labels.length, (double) right / labels.length);
    }
}
