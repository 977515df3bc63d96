package io.millrace.features.job;

import io.millrace.features.join.DecisionJoin;
import io.millrace.features.join.state.JoinState;
import org.jspecify.annotations.Nullable;

/** The join's states, kept as it writes them. */
final class JoinStore implements KeyedCache.Store<JoinState> {
    private final DecisionJoin join;
    private final KeyedStates states;

    JoinStore(DecisionJoin join, KeyedStates states) {
        this.join = join;
        this.states = states;
    }

    @Override
    public KeyedCache.@Nullable Kept<JoinState> read(long key) {
        byte[] written = states.read(key);
        return written == null ? null : new KeyedCache.Kept<>(join.read(written), written.length);
    }

    @Override
    public JoinState fresh() {
        return join.read(null);
    }

    @Override
    public boolean write(long key, JoinState state) {
        byte[] written = join.write(state);
        states.write(key, written);
        return written != null;
    }

    @Override
    public boolean isEmpty(JoinState state) {
        return DecisionJoin.isEmpty(state);
    }

    @Override
    public long due(JoinState state) {
        long next = join.next(state);
        return next == Long.MAX_VALUE ? KeyedCache.NEVER : EventTime.millis(next);
    }

    @Override
    public void wakeAt(long key, long timeMillis) {
        states.wakeAt(key, timeMillis);
    }
}
