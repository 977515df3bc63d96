package io.millrace.features.job;

import io.millrace.wire.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps history and topics apart: what happened before the end of the history counts from files, and what topics say of that time does
 * not count again; what happened from then on, the other way round. The end is state, so that it holds for as long as what was counted
 * does, whatever a job that goes on is told. What has only a time ends here, since watermarks have it.
 */
final class SinceFunction extends ProcessFunction<byte[], byte[]> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    /** There was no history: everything counts from topics. */
    static final long EVER = Long.MIN_VALUE;

    private final long givenMicros;
    private long sinceMicros = EVER;
    private transient ListState<Long> state;
    private transient Tally passedOver;

    /** @param givenMicros the end of the history, or {@link #EVER} */
    SinceFunction(long givenMicros) {
        this.givenMicros = givenMicros;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        passedOver = new Tally(getRuntimeContext(), "passed_over");
        state = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("since", Types.LONG));
        sinceMicros = givenMicros;
        if (context.isRestored()) {
            sinceMicros = EVER;
            for (long kept : state.get()) {
                sinceMicros = Math.max(sinceMicros, kept);
            }
            if (givenMicros != EVER && givenMicros != sinceMicros) {
                throw new IllegalStateException(new Problem(
                                "history until",
                                time(givenMicros),
                                sinceMicros == EVER
                                        ? "none: the state that the job goes on from has no history"
                                        : time(sinceMicros) + ", as the state that the job goes on from has it")
                        .toString());
            }
        }
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        state.clear();
        state.add(sinceMicros);
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) {
        switch (Arrival.kind(packed)) {
            case TIME, END_OF_HISTORY -> {}
            case DEAD_LETTER -> out.collect(packed);
            case EVENT, HITS, DECISION, FEEDBACK -> {
                boolean isHistory = Arrival.partition(packed) == Arrival.HISTORY;
                boolean isBefore = Arrival.timeMicros(packed) < sinceMicros;
                if (isHistory == isBefore) {
                    out.collect(packed);
                } else {
                    passedOver.inc();
                }
            }
        }
    }
}
