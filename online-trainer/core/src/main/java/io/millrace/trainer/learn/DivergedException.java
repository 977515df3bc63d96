package io.millrace.trainer.learn;

import io.millrace.wire.Problem;

/**
 * Learning an example would have made a number that is not finite. Nothing was changed; trying the same example again does
 * not help.
 */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final transient Problem problem;

    DivergedException(long offset, String name, double value) {
        this(
                offset,
                new Problem("example at offset " + offset + ", " + name, Double.toString(value), "a finite number"));
    }

    private DivergedException(long offset, Problem problem) {
        super(problem.toString());
        this.offset = offset;
        this.problem = problem;
    }

    /** The offset of the example at fault. */
    public long offset() {
        return offset;
    }

    /** What would not have been finite. */
    public Problem problem() {
        return problem;
    }
}
