package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the aggregates of entities, and publishes those of an entity whenever they change: by what happened, or because
 * something is out of sight. Of a history, it publishes what an entity is worth at its end, and nothing before. Its state is the time of the entity's timer, then what {@link EntityState} writes.
 */
final class EntityFunction extends KeyedProcessFunction<Long, byte[], byte[]> {
    private static final long serialVersionUID = 1L;
    private static final long NEVER = Long.MAX_VALUE;
    /** Everything is published when it changes. */
    static final long NO_HISTORY = Long.MIN_VALUE;

    private final PipelineSpec spec;
    private final long historyEndMillis;
    private transient List<AggregateGroup> groups;
    private transient Codec<FeatureValues> values;
    private transient ValueState<byte[]> state;
    private transient EntityTiles tiles;
    private transient Tally taken;
    private transient Tally tooOld;
    private transient Tally begun;
    private transient Tally forgotten;

    /** @param historyEndMillis the last millisecond of the history, or {@link #NO_HISTORY} */
    EntityFunction(PipelineSpec spec, long historyEndMillis) {
        this.spec = spec;
        this.historyEndMillis = historyEndMillis;
    }

    @Override
    public void open(OpenContext context) {
        groups = AggregateGroup.of(spec);
        values = Codec.of(FeatureValues.class);
        state = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        tiles = new EntityTiles(getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "tiles",
                        Types.TUPLE(Types.LONG, Types.LONG),
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)));
        taken = new Tally(getRuntimeContext(), "taken");
        tooOld = new Tally(getRuntimeContext(), "too_old");
        begun = new Tally(getRuntimeContext(), "entities_begun");
        forgotten = new Tally(getRuntimeContext(), "entities_forgotten");
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) throws IOException {
        Arrival arrival = Arrival.unpack(packed);
        if (arrival.kind() == Arrival.Kind.DEAD_LETTER) {
            out.collect(new Departure(Topic.DEAD_LETTERS, AggregateJob.COMPONENT, arrival.value()).pack());
            return;
        }
        if (arrival.kind() == Arrival.Kind.TIME) {
            return;
        }
        PackedHits hits = PackedHits.unpack(arrival.value());
        AggregateGroup group = groups.get(hits.group());
        byte @Nullable [] before = state.value();
        EntityState entity = entity(group, before);
        entity.take(hits.origin(), arrival.partition(), arrival.offset());
        boolean isTaken = false;
        for (Hit hit : hits.hits()) {
            boolean counts = entity.add(hit);
            (counts ? taken : tooOld).inc();
            isTaken |= counts;
        }
        if (before == null) {
            if (!isTaken) {
                // Of what is not known there is nothing to correct.
                return;
            }
            begun.inc();
        }
        long timer = before == null ? NEVER : ByteBuffer.wrap(before).getLong();
        long key = context.getCurrentKey();
        boolean isLeft = keep(group, entity, timer, key, context.timerService(), out);
        if (!isLeft) {
            return;
        }
        if (historyEndMillis != NO_HISTORY && arrival.partition() == Arrival.HISTORY) {
            context.timerService().registerEventTimeTimer(historyEndMillis);
        } else {
            publish(group, entity, key, out);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<byte[]> out) throws IOException {
        byte @Nullable [] before = state.value();
        if (before == null) {
            return;
        }
        byte[] written = Arrays.copyOfRange(before, Long.BYTES, before.length);
        Optional<AggregateGroup> group = groups.stream()
                .filter(one -> one.id() == EntityState.group(written))
                .findFirst();
        if (group.isEmpty()) {
            state.clear();
            tiles.clear();
            return;
        }
        EntityState entity = new EntityState(group.get(), written, tiles);
        long key = context.getCurrentKey();
        long due = ByteBuffer.wrap(before).getLong();
        boolean isLeft = true;
        // Else it is the end of the history, or a change that has been overtaken by an earlier one.
        if (timestamp == EventTime.millis(due)) {
            // To the microsecond: what happens within the same millisecond is not before it.
            entity.advance(due);
            isLeft = keep(group.get(), entity, NEVER, key, context.timerService(), out);
        }
        if (isLeft && timestamp >= historyEndMillis) {
            publish(group.get(), entity, key, out);
        }
    }

    private EntityState entity(AggregateGroup group, byte @Nullable [] before) {
        byte @Nullable [] written = before == null ? null : Arrays.copyOfRange(before, Long.BYTES, before.length);
        return new EntityState(group, written, tiles);
    }

    /** @return whether anything of the entity is left; where it is not, that is published, too */
    private boolean keep(
            AggregateGroup group, EntityState entity, long timer, long key, TimerService timers, Collector<byte[]> out)
            throws IOException {
        byte @Nullable [] after = entity.write();
        if (after == null) {
            state.clear();
            tiles.clear();
            forgotten.inc();
            out.collect(Departure.tombstone(Topic.FEATURE_VALUES, recordKey(group, key))
                    .pack());
            return false;
        }
        long next = entity.nextChange();
        long pending = timer;
        if (next < timer) {
            timers.registerEventTimeTimer(EventTime.millis(next));
            pending = next;
        }
        state.update(ByteBuffer.allocate(Long.BYTES + after.length)
                .putLong(pending)
                .put(after)
                .array());
        return true;
    }

    private void publish(AggregateGroup group, EntityState entity, long key, Collector<byte[]> out) {
        FeatureValues value = EntityValues.record(group, key, entity);
        out.collect(new Departure(Topic.FEATURE_VALUES, recordKey(group, key), values.encode(value)).pack());
    }

    private static String recordKey(AggregateGroup group, long key) {
        return group.text() + "/" + EntityValues.key(key);
    }
}
