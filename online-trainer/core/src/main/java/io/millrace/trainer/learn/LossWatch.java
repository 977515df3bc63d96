package io.millrace.trainer.learn;

/**
 * Finds that the progressive loss has risen: the mean of about the last hundred losses stands more than {@value #ERRORS}
 * standard errors above the mean of about the last two thousand. After it has fired it begins anew, and stays silent for the
 * first {@value #SILENT} losses. Not thread-safe.
 */
final class LossWatch {
    /** Doubles that it remembers. */
    static final int NUMBERS = 4;

    private static final double ERRORS = 6;
    private static final double SILENT = 500;
    private static final double FAST = 0.01;
    private static final double SLOW = 5e-4;
    /** Standard deviation of an exponentially weighted mean of rate 0.01, over that of one loss: √(0.01 / 1.99). */
    private static final double ERROR_OF_MEAN = 0.0709;

    private static final int COUNT = 0;
    private static final int RECENT = 1;
    private static final int MEAN = 2;
    private static final int SQUARES = 3;

    private final double[] numbers = new double[NUMBERS];

    /** What it remembers. */
    double[] numbers() {
        return numbers;
    }

    /** Takes a loss into account; returns whether the loss has risen. */
    boolean add(double loss) {
        numbers[COUNT]++;
        double fast = Math.max(FAST, 1 / numbers[COUNT]);
        double slow = Math.max(SLOW, 1 / numbers[COUNT]);
        numbers[RECENT] += (loss - numbers[RECENT]) * fast;
        numbers[MEAN] += (loss - numbers[MEAN]) * slow;
        numbers[SQUARES] += (loss * loss - numbers[SQUARES]) * slow;
        double variance = Math.max(1e-9, numbers[SQUARES] - numbers[MEAN] * numbers[MEAN]);
        boolean risen = numbers[COUNT] > SILENT
                && numbers[RECENT] - numbers[MEAN] > ERRORS * Math.sqrt(variance) * ERROR_OF_MEAN;
        if (risen) {
            numbers[COUNT] = 0;
        }
        return risen;
    }
}
