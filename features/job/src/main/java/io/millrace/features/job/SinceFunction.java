package io.millrace.features.job;

import io.millrace.features.job.backfill.History;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps history and topics apart: what happened before the end of the history counts from files, and what topics say of that time does
 * not count again; what happened from then on, the other way round. A topic whose records the history does not hold counts from its
 * beginning. Where each begins is state, so that it holds for as long as what was counted
 * does, whatever a job that goes on is told. What has only a time ends here, since watermarks have it.
 */
final class SinceFunction extends ProcessFunction<byte[], byte[]> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    /** There was no history, or not of this topic: everything counts from it. */
    static final long EVER = Long.MIN_VALUE;

    private final long givenMicros;
    private final long givenOfEvents;
    private final long givenOfOutcomes;
    private long sinceOfEvents = EVER;
    private long sinceOfOutcomes = EVER;
    private transient ListState<Long> ofEvents;
    private transient ListState<Long> ofOutcomes;
    private transient Tally passedOver;

    /** @param history null where there is none */
    SinceFunction(@Nullable History history) {
        this.givenOfEvents = since(history, Topic.EVENTS);
        this.givenOfOutcomes = since(history, Topic.OUTCOMES);
        this.givenMicros = Math.max(givenOfEvents, givenOfOutcomes);
    }

    private static long since(@Nullable History history, Topic topic) {
        return history == null || !history.topics().contains(topic) ? EVER : history.untilMicros();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        passedOver = new Tally(getRuntimeContext(), "passed_over");
        OperatorStateStore states = context.getOperatorStateStore();
        ofEvents = states.getUnionListState(new ListStateDescriptor<>("since-events", Types.LONG));
        ofOutcomes = states.getUnionListState(new ListStateDescriptor<>("since-outcomes", Types.LONG));
        sinceOfEvents = givenOfEvents;
        sinceOfOutcomes = givenOfOutcomes;
        if (context.isRestored()) {
            sinceOfEvents = latest(ofEvents);
            sinceOfOutcomes = latest(ofOutcomes);
            long sinceMicros = Math.max(sinceOfEvents, sinceOfOutcomes);
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

    private static long latest(ListState<Long> state) throws Exception {
        long latest = EVER;
        for (long kept : state.get()) {
            latest = Math.max(latest, kept);
        }
        return latest;
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ofEvents.update(List.of(sinceOfEvents));
        ofOutcomes.update(List.of(sinceOfOutcomes));
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) {
        switch (Arrival.kind(packed)) {
            case TIME, END_OF_HISTORY -> {}
            case DEAD_LETTER -> out.collect(packed);
            case EVENT -> pass(packed, sinceOfEvents, out);
            case HITS, DECISION, FEEDBACK -> pass(packed, sinceOfOutcomes, out);
        }
    }

    private void pass(byte[] packed, long sinceMicros, Collector<byte[]> out) {
        boolean isHistory = Arrival.partition(packed) == Arrival.HISTORY;
        boolean isBefore = Arrival.timeMicros(packed) < sinceMicros;
        if (isHistory == isBefore) {
            out.collect(packed);
        } else {
            passedOver.inc();
        }
    }
}
