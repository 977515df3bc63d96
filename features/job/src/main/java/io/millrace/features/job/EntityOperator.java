package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Topic;
import java.io.IOException;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
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
    /** Of the heap of its process, for all tasks together, should they be in the same. */
    private static final int SHARE = 8;

    private final PipelineSpec spec;
    private final long historyEndMillis;
    private final @Nullable Long cacheBytes;
    private transient EntityStore store;
    private transient EntityCache<Entity> entities;
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
        store = new EntityStore(AggregateGroup.of(spec), getRuntimeContext());
        entities = new EntityCache<>(new Behind(), cacheBytes == null ? share() : cacheBytes);
        publications = new Publications(getProcessingTimeService(), this::emit);
        timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
        taken = new Tally(getRuntimeContext(), "taken");
        tooOld = new Tally(getRuntimeContext(), "too_old");
        begun = new Tally(getRuntimeContext(), "entities_begun");
        forgotten = new Tally(getRuntimeContext(), "entities_forgotten");
    }

    private long share() {
        int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        return Runtime.getRuntime().maxMemory() / SHARE / tasks;
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

    private void take(Arrival arrival) throws IOException {
        PackedHits hits = PackedHits.unpack(arrival.value());
        long key = arrival.key();
        Entity known = entities.get(key);
        Entity entity = known == null ? store.begin(hits.group(), key) : known;
        entity.state().take(hits.origin(), arrival.partition(), arrival.offset());
        boolean isTaken = false;
        for (Hit hit : hits.hits()) {
            boolean counts = entity.state().add(hit);
            (counts ? taken : tooOld).inc();
            isTaken |= counts;
        }
        if (known == null) {
            if (!isTaken) {
                // Of what is not known there is nothing to correct.
                return;
            }
            begun.inc();
        }
        if (!keep(entity)) {
            return;
        }
        if (historyEndMillis == NO_HISTORY || arrival.partition() != Arrival.HISTORY) {
            publications.add(entity);
        } else if (entity.publishAtEndOfHistory()) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, historyEndMillis);
        }
    }

    @Override
    public void onEventTime(InternalTimer<Long, VoidNamespace> timer) throws Exception {
        long timestamp = timer.getTimestamp();
        Entity entity = entities.get(timer.getKey());
        if (entity == null) {
            store.clear();
            return;
        }
        boolean isLeft = true;
        // Else it is the end of the history, or a change that has been overtaken by an earlier one.
        if (timestamp == EventTime.millis(entity.dueMicros())) {
            // To the microsecond: what happens within the same millisecond is not before it.
            entity.state().advance(entity.dueMicros());
            entity.due(Entity.NEVER);
            isLeft = keep(entity);
        }
        if (isLeft && timestamp >= historyEndMillis) {
            publications.add(entity);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Long, VoidNamespace> timer) {
        throw new IllegalStateException("a timer of the clock (expected: of event time)");
    }

    /** @return whether anything of the entity is left; where it is not, that is published, too */
    private boolean keep(Entity entity) throws IOException {
        if (entity.state().isEmpty()) {
            entities.remove(entity.key());
            store.clear();
            forgotten.inc();
            publications.publishNothing(entity);
            return false;
        }
        long next = entity.state().nextChange();
        if (next < entity.dueMicros()) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, EventTime.millis(next));
            entity.due(next);
        }
        entities.put(entity.key(), entity);
        return true;
    }

    /** What a checkpoint has is published before the barrier: what follows on it in the sink is written before it completes. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        entities.writeAll();
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

    /** What the cache has in Flink's state. */
    private final class Behind implements EntityCache.Store<Entity> {
        @Override
        public @Nullable Entity read(long key) throws IOException {
            return store.read(key);
        }

        @Override
        public void write(long key, Entity entity) throws IOException {
            publications.publish(entity);
            Object turn = getCurrentKey();
            setCurrentKey(key);
            store.write(entity);
            setCurrentKey(turn);
        }

        @Override
        public long weight(Entity entity) {
            return entity.memory();
        }
    }
}
