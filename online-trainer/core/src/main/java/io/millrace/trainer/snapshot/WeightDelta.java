package io.millrace.trainer.snapshot;

import io.millrace.wire.Problem;
import java.util.Optional;

/**
 * The rows that changed in (from, to], with what a scorer needs of them at {@code to}: content of one delta, in one piece.
 * The arrays are not copied: nobody changes them.
 *
 * @param from offset of the first example not learned by the version it builds on
 * @param to the version it makes
 * @param rows rows of the table at {@code to}; where it has grown, all rows that are not zero have changed
 * @param width floats a row that a scorer needs
 * @param indices rows, ascending
 * @param values {@code width} floats a row, in the same order
 * @param digest of parameters and optimiser state at {@code to}, 16 hex digits
 * @param examples examples learned since the lineage began
 */
public record WeightDelta(
        String model,
        String lineage,
        int shard,
        long from,
        long to,
        int rows,
        int width,
        int[] indices,
        float[] values,
        String digest,
        long examples) {
    public WeightDelta {
        if (width < 1 || (long) indices.length * width != values.length) {
            throw new IllegalArgumentException(
                    "values: " + values.length + " (expected: " + width + " for each of " + indices.length + " rows)");
        }
        if (from >= to) {
            throw new IllegalArgumentException("from: " + from + " (expected: below to, " + to + ")");
        }
    }

    /** The first value that is no finite number, if there is one. Keys of exact ids are finite, too. */
    public Optional<Problem> notFinite() {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return Optional.of(new Problem(
                        "row " + indices[i / width] + ", column " + i % width,
                        Float.toString(values[i]),
                        "a finite number"));
            }
        }
        return Optional.empty();
    }
}
