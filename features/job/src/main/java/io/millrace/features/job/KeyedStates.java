package io.millrace.features.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/** An operator's state of bytes and its event-time timers, of any key at any time. Where they lie, Flink's process functions have theirs. */
final class KeyedStates {
    /** The name of the timers. */
    static final String TIMERS = "user-timers";

    /** What all tasks of an operator have in memory of states is at most one part in so many of the heap. */
    private static final int SHARE = 8;

    private final AbstractStreamOperator<?> operator;
    private final InternalTimerService<VoidNamespace> timers;
    private final ValueState<byte[]> states;

    KeyedStates(
            AbstractStreamOperator<?> operator, InternalTimerService<VoidNamespace> timers, ValueState<byte[]> states) {
        this.operator = operator;
        this.timers = timers;
        this.states = states;
    }

    /**
     * How many bytes of states a task may have in memory.
     *
     * @param tasks of the operator, which may all be in this process
     */
    static long memory(int tasks) {
        return Runtime.getRuntime().maxMemory() / SHARE / tasks;
    }

    byte @Nullable [] read(long key) {
        operator.setCurrentKey(key);
        try {
            return states.value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(long key, byte[] state) {
        operator.setCurrentKey(key);
        try {
            states.update(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(long key) {
        operator.setCurrentKey(key);
        states.clear();
    }

    void wakeAt(long key, long timeMillis) {
        operator.setCurrentKey(key);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, timeMillis);
    }
}
