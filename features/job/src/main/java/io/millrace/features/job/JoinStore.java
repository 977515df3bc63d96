package io.millrace.features.job;

import io.millrace.features.join.DecisionJoin;
import io.millrace.features.join.state.JoinState;
import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.join.state.WaitingFeedback;
import org.jspecify.annotations.Nullable;

/** The join's states, kept as it writes them. */
final class JoinStore implements KeyedCache.Store<JoinState> {
    private static final int DECISION_BYTES = 700;
    private static final int SLOT_BYTES = 250;
    private static final int STRING_BYTES = 80;

    private final DecisionJoin join;
    private final KeyedStates states;

    JoinStore(DecisionJoin join, KeyedStates states) {
        this.join = join;
        this.states = states;
    }

    @Override
    public @Nullable JoinState read(long key) {
        byte[] written = states.read(key);
        return written == null ? null : join.read(written);
    }

    @Override
    public void write(long key, JoinState state) {
        states.write(key, join.write(state));
    }

    @Override
    public void remove(long key) {
        states.remove(key);
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
    public long weight(JoinState state) {
        long weight = (long) STRING_BYTES * state.getSeen().size();
        for (PendingDecision decision : state.getDecisions()) {
            weight += DECISION_BYTES + decision.getShared().remaining();
            for (PendingSlot slot : decision.getSlots()) {
                weight += SLOT_BYTES + slot.getFeatures().remaining();
            }
        }
        for (WaitingFeedback waiting : state.getWaiting()) {
            weight += SLOT_BYTES + waiting.getBytes().remaining();
        }
        return weight;
    }

    @Override
    public void wakeAt(long key, long timeMillis) {
        states.wakeAt(key, timeMillis);
    }
}
