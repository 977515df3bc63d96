package io.millrace.trainer.learn;

import io.millrace.wire.Problem;

/**
 * Learning an example would have made a number that is not finite. Nothing was changed; trying the same example again does
 * not help.
 */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    DivergedException(long offset, String name, double value) {
        super(new Problem("example at offset " + offset + ", " + name, Double.toString(value), "a finite number")
                .toString());
        this.offset = offset;
    }

    /** The offset of the example at fault. */
    public long offset() {
        return offset;
    }
}
