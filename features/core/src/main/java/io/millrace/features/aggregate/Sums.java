package io.millrace.features.aggregate;

import java.nio.ByteBuffer;

/** Two sums, decayed or not: a count or sum, with what it is divided by. */
final class Sums implements Partial {
    private final Decay decay;
    private final boolean isQuotient;
    private double number;
    private double per;
    /** The event time that the sums are as of; {@code Long.MIN_VALUE} where there is nothing yet. */
    private long atMicros = Long.MIN_VALUE;

    Sums(Decay decay, boolean isQuotient) {
        this.decay = decay;
        this.isQuotient = isQuotient;
    }

    @Override
    public void add(Observation observation) {
        add(observation.timeMicros(), observation.number(), observation.per());
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
            per = per * factor + morePer;
            atMicros = timeMicros;
        } else {
            double factor = decay.factor(atMicros - timeMicros);
            number += more * factor;
            per += morePer * factor;
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
    }

    @Override
    public Summary summary(long timeMicros) {
        double factor = decay.factor(timeMicros - atMicros);
        return isQuotient ? Summary.of(number * factor, per * factor) : Summary.of(number * factor);
    }
}
