package io.millrace.trainer.learn;

import io.millrace.trainer.parameters.ParameterTable;
import java.util.function.LongSupplier;

/** New floats of some rows, noted before any is written: all of them, or none where one is not finite. Not thread-safe. */
final class RowUpdates {
    private final int width;
    private float[] floats;
    private float overflow;

    RowUpdates(int width) {
        this.width = width;
        this.floats = new float[64 * width];
    }

    /** Begins anew; returns where to put so many rows. */
    float[] begin(int rows) {
        if (floats.length < rows * width) {
            floats = new float[rows * width * 2];
        }
        overflow = 0;
        return floats;
    }

    /** Takes note of 0, or of NaN for a number that is not finite. */
    void check(float zero) {
        overflow += zero;
    }

    /** @throws DivergedException if a number is not finite */
    void verify(long offset) {
        verify(() -> offset);
    }

    /**
     * @param offset of the example at fault; asked for only if there is one
     * @throws DivergedException if a number is not finite
     */
    void verify(LongSupplier offset) {
        if (overflow != 0) {
            throw new DivergedException(offset.getAsLong(), "updated parameters", overflow);
        }
    }

    void write(ParameterTable table, int[] rows, int count) {
        table.write(rows, count, floats);
    }
}
