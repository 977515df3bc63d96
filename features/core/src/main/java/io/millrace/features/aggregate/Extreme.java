package io.millrace.features.aggregate;

import java.nio.ByteBuffer;

/** The smallest or the largest number. */
final class Extreme implements Partial {
    private static final int MEMORY = 24;
    private final boolean isLargest;
    private double number = Double.NaN;

    Extreme(boolean isLargest) {
        this.isLargest = isLargest;
    }

    @Override
    public void add(Observation observation) {
        take(observation.number());
    }

    /** What it was once is not known any more: it keeps what was wrong. */
    @Override
    public boolean correct(Correction correction) {
        if (correction.right() != null) {
            add(correction.right());
        }
        return correction.wrong() == null;
    }

    @Override
    public void merge(Partial other) {
        take(((Extreme) other).number);
    }

    private void take(double other) {
        if (isEmpty()) {
            number = other;
        } else if (!Double.isNaN(other)) {
            number = isLargest ? Math.max(number, other) : Math.min(number, other);
        }
    }

    @Override
    public boolean isEmpty() {
        return Double.isNaN(number);
    }

    @Override
    public void write(StateOutput out) {
        out.putDouble(number);
    }

    @Override
    public void read(ByteBuffer in) {
        number = in.getDouble();
    }

    @Override
    public int memory() {
        return MEMORY;
    }

    @Override
    public Summary summary(long timeMicros) {
        return Summary.of(number);
    }
}
