package io.millrace.trainer.snapshot;

/**
 * The weights that changed in (from, to], with their values at {@code to}: content of one delta, in one piece. The arrays
 * are not copied: nobody changes them.
 *
 * @param from offset of the first example not learned by the version it builds on
 * @param to the version it makes
 * @param indices ascending
 * @param values in the same order
 * @param digest of parameters and optimiser state at {@code to}, 16 hex digits
 * @param examples examples learned since the lineage began
 */
public record WeightDelta(
        String model,
        String lineage,
        int shard,
        long from,
        long to,
        int[] indices,
        float[] values,
        String digest,
        long examples) {
    public WeightDelta {
        if (indices.length != values.length) {
            throw new IllegalArgumentException(
                    "values: " + values.length + " (expected: one for each of " + indices.length + " indices)");
        }
        if (from >= to) {
            throw new IllegalArgumentException("from: " + from + " (expected: below to, " + to + ")");
        }
    }
}
