package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Topic;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the aggregates of entities, and publishes those of an entity whenever they change: by what happened, or because
 * something is out of sight. Of a history, it publishes what an entity is worth at its end, and nothing before.
 *
 * <p>Entities that were used last are decoded in memory; a checkpoint has them all. It is an operator, not a function, since functions are not
 * told before a checkpoint. State and timers are those of a {@code KeyedProcessFunction}, which it was in earlier releases.
 */
final class EntityOperator extends AbstractStreamOperator<byte[]>
        implements OneInputStreamOperator<byte[], byte[]>, Triggerable<Long, VoidNamespace> {
    private static final long serialVersionUID = 1L;
    /** Everything is published when it changes. */
    static final long NO_HISTORY = Long.MIN_VALUE;

    private final PipelineSpec spec;
    private final long historyEndMillis;
    private final @Nullable Long cacheBytes;
    private transient EntityStore store;
    private transient KeyedCache<Entity> entities;
    private transient Publications publications;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient Tally taken;
    private transient Tally tooOld;
    private transient Tally begun;
    private transient Tally forgotten;

    /**
     * @param historyEndMillis the last millisecond of the history, or {@link #NO_HISTORY}
     * @param cacheBytes how much memory decoded entities may take; null for a share of the heap
     */
    EntityOperator(PipelineSpec spec, long historyEndMillis, @Nullable Long cacheBytes) {
        this.spec = spec;
        this.historyEndMillis = historyEndMillis;
        this.cacheBytes = cacheBytes;
    }

    @Override
    public void open() throws Exception {
        super.open();
        timers = getInternalTimerService(KeyedStates.TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        publications = new Publications(getProcessingTimeService(), this::emit);
        StreamingRuntimeContext context = getRuntimeContext();
        KeyedStates states = new KeyedStates(
                this,
                timers,
                context.getState(
                        new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)));
        EntityTiles tiles = new EntityTiles(context.getMapState(new MapStateDescriptor<>(
                "tiles", Types.TUPLE(Types.LONG, Types.LONG), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)));
        store = new EntityStore(AggregateGroup.of(spec), states, tiles, publications);
        entities = new KeyedCache<>(
                store,
                cacheBytes == null
                        ? KeyedStates.memory(context.getTaskInfo().getNumberOfParallelSubtasks())
                        : cacheBytes);
        taken = new Tally(getRuntimeContext(), "taken");
        tooOld = new Tally(getRuntimeContext(), "too_old");
        begun = new Tally(getRuntimeContext(), "entities_begun");
        forgotten = new Tally(getRuntimeContext(), "entities_forgotten");
    }

    @Override
    public void processElement(StreamRecord<byte[]> element) throws Exception {
        Arrival arrival = Arrival.unpack(element.getValue());
        switch (arrival.kind()) {
            case DEAD_LETTER -> emit(new Departure(Topic.DEAD_LETTERS, AggregateJob.COMPONENT, arrival.value()).pack());
            case HITS -> take(arrival);
            case TIME -> {}
            case DECISION, FEEDBACK, EVENT, SHOWN, UNNAMED, END_OF_HISTORY ->
                throw new IllegalStateException(arrival.kind() + " (expected: what happened to an entity)");
        }
    }

    private void take(Arrival arrival) {
        PackedHits hits = PackedHits.unpack(arrival.value());
        long key = arrival.key();
        KeyedCache.@Nullable Entry<Entity> known = entities.find(key);
        KeyedCache.Entry<Entity> entry = known == null ? entities.begin(key, store.begin(hits.group(), key)) : known;
        Entity entity = entry.state();
        entity.state().take(hits.origin(), arrival.partition(), arrival.offset());
        boolean isTaken = false;
        for (Hit hit : hits.hits()) {
            boolean counts = entity.state().add(hit);
            (counts ? taken : tooOld).inc();
            isTaken |= counts;
        }
        if (known == null && isTaken) {
            begun.inc();
        }
        // Of what is not known there is nothing to correct.
        if (known != null || isTaken) {
            tell(entity, arrival.partition() == Arrival.HISTORY);
        }
        entities.release(entry, true);
    }

    /** Where nothing of an entity is left, that is published, too. */
    private void tell(Entity entity, boolean isHistory) {
        if (entity.state().isEmpty()) {
            forgotten.inc();
            publications.publishNothing(entity);
        } else if (historyEndMillis == NO_HISTORY || !isHistory) {
            publications.add(entity);
        } else if (entity.publishAtEndOfHistory()) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, historyEndMillis);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        for (KeyedCache.Entry<Entity> due = entities.poll(mark.getTimestamp());
                due != null;
                due = entities.poll(mark.getTimestamp())) {
            setCurrentKey(due.key());
            reach(due, mark.getTimestamp(), false);
        }
        super.processWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<Long, VoidNamespace> timer) {
        KeyedCache.@Nullable Entry<Entity> entry = entities.wake(timer.getKey());
        if (entry == null) {
            store.remove(timer.getKey());
        } else {
            reach(entry, timers.currentWatermark(), true);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Long, VoidNamespace> timer) {
        throw new IllegalStateException("a timer of the clock (expected: of event time)");
    }

    /**
     * Takes an entity to a time.
     *
     * @param isEndOfHistory whether that may be the end of a history: then its values are published, whether they have changed or not. A job that goes on without being told of
     *     its history again does not know when that was
     */
    private void reach(KeyedCache.Entry<Entity> entry, long timeMillis, boolean isEndOfHistory) {
        Entity entity = entry.state();
        boolean isChanged = false;
        // To the microsecond: what happens within the same millisecond is not before it.
        for (long next = entity.state().nextChange();
                next != Long.MAX_VALUE && EventTime.millis(next) <= timeMillis;
                next = entity.state().nextChange()) {
            entity.state().advance(next);
            isChanged = true;
        }
        if (entity.state().isEmpty() || timeMillis >= historyEndMillis && (isChanged || isEndOfHistory)) {
            tell(entity, false);
        }
        entities.release(entry, isChanged || entity.isUnpublished());
    }

    /** What a checkpoint has is published before the barrier: what follows on it in the sink is written before it completes. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        entities.flush();
        publications.publishAll();
    }

    @Override
    public void finish() throws Exception {
        publications.publishAll();
        super.finish();
    }

    private void emit(byte[] departure) {
        output.collect(new StreamRecord<>(departure));
    }
}
