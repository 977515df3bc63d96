package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Two sums, decayed or not: a count or sum, with what it is divided by. */
final class Sums implements Partial {
    static final int MEMORY = 48;

    private final Decay decay;
    private final boolean isQuotient;
    private final boolean isCount;
    private double number;
    /** What the number is divided by; of what is no quotient, how many were added, not decayed, if each says that it is one. */
    private double per;
    /** The event time that the sums are as of; {@code Long.MIN_VALUE} where there is nothing yet. */
    private long atMicros = Long.MIN_VALUE;

    /** @param isCount whether the number is a count, which is never less than 0 */
    Sums(Decay decay, boolean isQuotient, boolean isCount) {
        this.decay = decay;
        this.isQuotient = isQuotient;
        this.isCount = isCount;
    }

    @Override
    public void add(Observation observation) {
        add(observation.timeMicros(), observation.number(), observation.per());
    }

    @Override
    public boolean correct(Correction correction) {
        @Nullable Observation wrong = correction.wrong();
        @Nullable Observation right = correction.right();
        add(
                correction.timeMicros(),
                (right == null ? 0 : right.number()) - (wrong == null ? 0 : wrong.number()),
                (right == null ? 0 : right.per()) - (wrong == null ? 0 : wrong.per()));
        // What decays leaves a rounding error, and what was never added must not count less than nothing.
        per = Math.max(0, per);
        number = isCount ? Math.max(0, number) : number;
        if (isCount && isQuotient && right != null && right.per() > 0) {
            number = Math.min(number, per);
        }
        if (correction.isRemoval() && decay.equals(Decay.NONE) && isOfNothing() && !(isCount && number > 0)) {
            number = 0;
            atMicros = Long.MIN_VALUE;
        }
        return true;
    }

    /** Whether nothing is left that it is divided by, or that said that it is one. */
    boolean isOfNothing() {
        return per <= 0;
    }

    @Override
    public void merge(Partial other) {
        Sums sums = (Sums) other;
        if (!sums.isEmpty()) {
            add(sums.atMicros, sums.number, sums.per);
        }
    }

    private void add(long timeMicros, double more, double morePer) {
        if (isEmpty()) {
            atMicros = timeMicros;
        }
        if (timeMicros > atMicros) {
            double factor = decay.factor(timeMicros - atMicros);
            number = number * factor + more;
            per = isQuotient ? per * factor + morePer : per + morePer;
            atMicros = timeMicros;
        } else {
            double factor = decay.factor(atMicros - timeMicros);
            number += more * factor;
            per += isQuotient ? morePer * factor : morePer;
        }
    }

    /** The time of the latest. */
    long atMicros() {
        return atMicros;
    }

    @Override
    public boolean isEmpty() {
        return atMicros == Long.MIN_VALUE;
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(atMicros).putDouble(number).putDouble(per);
    }

    @Override
    public void read(ByteBuffer in) {
        atMicros = in.getLong();
        number = in.getDouble();
        per = in.getDouble();
        if (isCount && !isQuotient && per == 0) {
            // Before there were corrections, counts did not say of how many they are.
            per = Math.ceil(number);
        }
    }

    @Override
    public int memory() {
        return MEMORY;
    }

    @Override
    public Summary summary(long timeMicros) {
        double factor = decay.factor(timeMicros - atMicros);
        return isQuotient ? Summary.of(number * factor, per * factor) : Summary.of(number * factor);
    }
}
