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
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the aggregates of entities, and publishes those of an entity whenever they change: by what happened, or because
 * something is out of sight. Its state is the time of the entity's timer, then what {@link EntityState} writes.
 */
final class EntityFunction extends KeyedProcessFunction<Long, byte[], byte[]> {
    private static final long serialVersionUID = 1L;
    private static final long NEVER = Long.MAX_VALUE;

    private final PipelineSpec spec;
    private transient List<AggregateGroup> groups;
    private transient Codec<FeatureValues> values;
    private transient ValueState<byte[]> state;
    private transient EntityTiles tiles;
    private transient Counter taken;
    private transient Counter tooOld;
    private transient Counter begun;
    private transient Counter forgotten;

    EntityFunction(PipelineSpec spec) {
        this.spec = spec;
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
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("features");
        taken = metrics.counter("taken");
        tooOld = metrics.counter("too_old");
        begun = metrics.counter("entities_begun");
        forgotten = metrics.counter("entities_forgotten");
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
        if (before == null) {
            begun.inc();
        }
        entity.take(hits.origin(), arrival.partition(), arrival.offset());
        for (Hit hit : hits.hits()) {
            (entity.add(hit.aggregate(), hit.observation()) ? taken : tooOld).inc();
        }
        long timer = before == null ? NEVER : ByteBuffer.wrap(before).getLong();
        keep(group, entity, timer, context.getCurrentKey(), context.timerService(), out);
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
        entity.advance(EventTime.reachedMicros(timestamp));
        keep(group.get(), entity, NEVER, context.getCurrentKey(), context.timerService(), out);
    }

    private EntityState entity(AggregateGroup group, byte @Nullable [] before) {
        byte @Nullable [] written = before == null ? null : Arrays.copyOfRange(before, Long.BYTES, before.length);
        return new EntityState(group, written, tiles);
    }

    private void keep(
            AggregateGroup group, EntityState entity, long timer, long key, TimerService timers, Collector<byte[]> out)
            throws IOException {
        byte @Nullable [] after = entity.write();
        String recordKey = group.text() + "/" + EntityValues.key(key);
        if (after == null) {
            state.clear();
            tiles.clear();
            forgotten.inc();
            out.collect(Departure.tombstone(Topic.FEATURE_VALUES, recordKey).pack());
            return;
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
        FeatureValues value = EntityValues.record(group, key, entity);
        out.collect(new Departure(Topic.FEATURE_VALUES, recordKey, values.encode(value)).pack());
    }
}
