package io.millrace.trainer.score;

import io.millrace.features.spec.Loss;

/**
 * How {@code auto} makes one prediction of its members': two stackers, linear in the members' margins, one slow and one fast;
 * an expert algorithm's weights over members and stackers; for probabilities, a calibration on top. Only what a scorer needs;
 * how these numbers are learned, the learner says.
 *
 * <p>With margins z of the members, each stacker says {@code m · (z, 1)}. The experts' predictions P are averaged by the
 * experts' weights, as probabilities, means or values: for logistic and Poisson loss members and stackers are experts, else the
 * stackers alone. A probability is then moved half of the way, in log-odds, to what came of probabilities like it: a table of
 * outcomes over log-odds, interpolated between its nodes. Values (squared and absolute loss) are in units of the labels'
 * standard deviation from their mean; counts are so many times the exponential of {@link #LABEL_MEAN}.
 *
 * <p>Not thread-safe.
 */
public final class AutoMix {
    public static final int MEMBERS = 7;
    public static final int STACKERS = 2;
    public static final int EXPERTS = MEMBERS + STACKERS;

    /** A stacker's inputs: the members' margins and a constant. */
    public static final int INPUTS = MEMBERS + 1;

    public static final int NODES = 34;

    /** Where the experts' weights begin among the served numbers; the stackers come first. */
    public static final int WEIGHTS = STACKERS * INPUTS;

    /** Where the calibration's nodes begin. */
    public static final int CALIBRATION = WEIGHTS + EXPERTS;

    public static final int LABEL_MEAN = CALIBRATION + NODES;
    public static final int LABEL_DEVIATION = LABEL_MEAN + 1;

    /** How many doubles a scorer needs. */
    public static final int NUMBERS = LABEL_DEVIATION + 1;

    private static final double MOST_MARGIN = 15;
    private static final double MOST_INPUT = 8;
    private static final double MOST_STACKED = 12;
    private static final double LEAST_PROBABILITY = 1e-7;
    private static final double LEAST_NODE = 1e-5;
    private static final double NODES_A_UNIT = 2;
    private static final double MIDDLE = 16;
    private static final double MOST_LOG_ODDS = 7.9;

    private final Loss loss;
    private final double[] numbers = initial();
    private final double[] inputs = new double[INPUTS];
    private final double[] margins = new double[EXPERTS];
    private final double[] predictions = new double[EXPERTS];
    private double position;
    private double margin;
    private double probability;

    public AutoMix(Loss loss) {
        this.loss = loss;
    }

    /** The numbers of a model that has learned nothing. */
    public static double[] initial() {
        double[] numbers = new double[NUMBERS];
        for (int i = 0; i < STACKERS * INPUTS; i++) {
            numbers[i] = i % INPUTS < MEMBERS ? 1.0 / MEMBERS : 0;
        }
        for (int i = 0; i < EXPERTS; i++) {
            numbers[WEIGHTS + i] = 1.0 / EXPERTS;
        }
        for (int i = 0; i < NODES; i++) {
            numbers[CALIBRATION + i] = sigmoid((i - MIDDLE) / NODES_A_UNIT);
        }
        numbers[LABEL_DEVIATION] = 1;
        return numbers;
    }

    /** The numbers, which their learner changes. */
    public double[] numbers() {
        return numbers;
    }

    /**
     * The prediction on the scale of the loss.
     *
     * @param z the members' margins, without the offset
     * @param offset what is added to every margin unlearned
     */
    public double predict(double[] z, double offset) {
        boolean bounded = loss == Loss.LOGISTIC || loss == Loss.POISSON;
        for (int k = 0; k < MEMBERS; k++) {
            margins[k] = clip(z[k], MOST_MARGIN);
            inputs[k] = bounded ? clip(z[k], MOST_INPUT) : margins[k];
        }
        inputs[MEMBERS] = 1;
        for (int s = 0; s < STACKERS; s++) {
            double sum = 0;
            for (int i = 0; i < INPUTS; i++) {
                sum += numbers[s * INPUTS + i] * inputs[i];
            }
            margins[MEMBERS + s] = bounded ? clip(sum, MOST_STACKED) : sum;
        }
        return switch (loss) {
            case LOGISTIC -> probability(offset);
            case POISSON -> mean(offset);
            case SQUARED, ABSOLUTE -> {
                margin = mixed();
                yield numbers[LABEL_MEAN] + numbers[LABEL_DEVIATION] * margin + offset;
            }
        };
    }

    /** An expert's margin of the last prediction, without the offset. */
    public double margin(int expert) {
        return margins[expert];
    }

    /** What an expert predicted last, the offset included: a probability or a mean; not there for values. */
    public double prediction(int expert) {
        return predictions[expert];
    }

    /** The last probability. */
    public double probability() {
        return probability;
    }

    /** The stackers' inputs of the last prediction; to be read only. */
    public double[] inputs() {
        return inputs;
    }

    /** The last prediction as deviations of labels, or, for Poisson loss, as it is; not there for probabilities. */
    public double margin() {
        return margin;
    }

    /** Where the last prediction lies between the calibration's nodes. */
    public double position() {
        return position;
    }

    /** The members' shares in the margin of a prediction whose experts are near each other. */
    public double share(int member) {
        double share = weight(member);
        for (int s = 0; s < STACKERS; s++) {
            share += weight(MEMBERS + s) * numbers[s * INPUTS + member];
        }
        return share;
    }

    /** An expert's weight. */
    public double weight(int expert) {
        return numbers[WEIGHTS + expert];
    }

    private double mixed() {
        double sum = 0;
        double weights = 0;
        for (int s = MEMBERS; s < EXPERTS; s++) {
            sum += weight(s) * margins[s];
            weights += weight(s);
        }
        return sum / weights;
    }

    private double mean(double offset) {
        margin = 0;
        for (int k = 0; k < EXPERTS; k++) {
            predictions[k] = Link.prediction(Loss.POISSON, margins[k] + offset + numbers[LABEL_MEAN]);
            margin += weight(k) * predictions[k];
        }
        return margin;
    }

    private double probability(double offset) {
        double sum = 0;
        for (int k = 0; k < EXPERTS; k++) {
            predictions[k] = Link.prediction(Loss.LOGISTIC, margins[k] + offset);
            sum += weight(k) * predictions[k];
        }
        double mixed = odds(Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, sum)));
        position = clip(StrictMath.log(mixed), MOST_LOG_ODDS) * NODES_A_UNIT + MIDDLE;
        int node = (int) position;
        double above = position - node;
        double outcome = numbers[CALIBRATION + node] * (1 - above) + numbers[CALIBRATION + node + 1] * above;
        // The mean of log-odds is the root of the odds' product.
        double odds = Math.sqrt(mixed * odds(Math.max(LEAST_NODE, Math.min(1 - LEAST_NODE, outcome))));
        probability = odds / (1 + odds);
        return probability;
    }

    private static double odds(double probability) {
        return probability / (1 - probability);
    }

    private static double sigmoid(double margin) {
        return 1 / (1 + StrictMath.exp(-margin));
    }

    private static double clip(double value, double most) {
        return Math.max(-most, Math.min(most, value));
    }
}
