package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One aggregate of one entity over everything, decayed or not, until nothing happened for its time to live. */
final class Whole implements AggregateState {
    private static final int MEMORY = 40;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long UNKNOWN = -1;

    private final Partials partials;
    private final long ttlMicros;
    private Partial state;
    private long latestMicros = Long.MIN_VALUE;
    /** Since it was forgotten last: what happened before is not in it. */
    private long oldestMicros = Long.MAX_VALUE;
    /** Of how many observations it is. */
    private long count;

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
        note(observation.timeMicros());
        return true;
    }

    private void note(long timeMicros) {
        latestMicros = Math.max(latestMicros, timeMicros);
        oldestMicros = Math.min(oldestMicros, timeMicros);
        count = count == UNKNOWN ? UNKNOWN : count + 1;
    }

    /** What has been forgotten in between is neither taken back nor counted: had it been right, it would be forgotten, too. */
    @Override
    public boolean correct(Correction correction, long nowMicros) {
        long timeMicros = correction.timeMicros();
        boolean isIn = !isEmpty() && timeMicros >= oldestMicros;
        if (!isIn && correction.wrong() != null) {
            return false;
        }
        if (!isIn && expiry(timeMicros) <= (isEmpty() ? nowMicros : oldestMicros)) {
            return false;
        }
        boolean isGone = state.correct(correction);
        if (correction.wrong() == null) {
            note(timeMicros);
        } else if (correction.isRemoval() && isGone && count != UNKNOWN) {
            count--;
        }
        if (count == 0 || state.isEmpty()) {
            forget();
        }
        return true;
    }

    private void forget() {
        state = partials.empty();
        latestMicros = Long.MIN_VALUE;
        oldestMicros = Long.MAX_VALUE;
        count = 0;
    }

    @Override
    public boolean advance(long nowMicros) {
        if (nextChange() > nowMicros) {
            return false;
        }
        forget();
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
    public int memory() {
        return MEMORY + state.memory();
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(latestMicros).putLong(oldestMicros).putLong(count);
        state.write(out);
    }

    @Override
    public void read(ByteBuffer in, boolean hasCounts) {
        latestMicros = in.getLong();
        oldestMicros = hasCounts ? in.getLong() : Long.MIN_VALUE;
        count = hasCounts ? in.getLong() : UNKNOWN;
        state.read(in);
    }
}
