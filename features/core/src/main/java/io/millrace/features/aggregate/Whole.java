package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One aggregate of one entity over everything, decayed or not, until nothing happened for its time to live. */
final class Whole implements AggregateState {
    private static final long NEVER = Long.MAX_VALUE;

    private final Partials partials;
    private final long ttlMicros;
    private Partial state;
    private long latestMicros = Long.MIN_VALUE;

    /**
     * @param ttlMicros {@code Long.MAX_VALUE} for ever
     */
    Whole(Partials partials, long ttlMicros) {
        this.partials = partials;
        this.ttlMicros = ttlMicros;
        this.state = partials.empty();
    }

    @Override
    public boolean add(Observation observation, long nowMicros) {
        if (expiry(observation.timeMicros()) <= nowMicros) {
            return false;
        }
        state.add(observation);
        latestMicros = Math.max(latestMicros, observation.timeMicros());
        return true;
    }

    @Override
    public boolean advance(long nowMicros) {
        if (nextChange() > nowMicros) {
            return false;
        }
        state = partials.empty();
        latestMicros = Long.MIN_VALUE;
        return true;
    }

    @Override
    public long nextChange() {
        return validUntil();
    }

    @Override
    public long validUntil() {
        return state.isEmpty() ? NEVER : expiry(latestMicros);
    }

    private long expiry(long timeMicros) {
        return ttlMicros == NEVER ? NEVER : timeMicros + ttlMicros;
    }

    @Override
    public @Nullable Summary summary(long nowMicros) {
        return state.isEmpty() ? null : state.summary(nowMicros);
    }

    @Override
    public boolean isEmpty() {
        return state.isEmpty();
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(latestMicros);
        state.write(out);
    }

    @Override
    public void read(ByteBuffer in) {
        latestMicros = in.getLong();
        state.read(in);
    }
}
