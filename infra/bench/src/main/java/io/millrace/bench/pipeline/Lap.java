package io.millrace.bench.pipeline;

/**
 * How long an entrant took once. Rates are in examples a second by the clock on the wall.
 *
 * @param rate from the first example learned to the last
 * @param middleRate the same of the middle: what comes after the first fifth and before the last
 * @param wholeRate of everything, starting included
 * @param startSeconds from the command to the first weights
 * @param processorMicros of all threads of the process an example, from the first learned to the last
 * @param checkpoints completed on the way
 * @param digest of what was learned, 16 hex digits; empty where a learner has none
 */
public record Lap(
        double rate,
        double middleRate,
        double wholeRate,
        double startSeconds,
        double processorMicros,
        long checkpoints,
        String digest) {
    /** Of an entrant that begins at once and looks at no clock on its way. */
    static Lap straight(int examples, double seconds, double processorSeconds, String digest) {
        double rate = examples / seconds;
        return new Lap(rate, rate, rate, 0, processorSeconds * 1e6 / examples, 0, digest);
    }
}
