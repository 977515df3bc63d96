package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * Entities in Flink's state, each as the time of its timer, then what {@link EntityState} writes. Tiles of windows are written at once: that is once
 * for each, and they are seldom read.
 */
final class EntityStore {
    private final List<EntityStates> groups;
    private final ValueState<byte[]> state;
    private final EntityTiles tiles;

    EntityStore(List<AggregateGroup> groups, RuntimeContext context) {
        this.groups = groups.stream().map(EntityStates::new).toList();
        this.state = context.getState(
                new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        this.tiles = new EntityTiles(context.getMapState(new MapStateDescriptor<>(
                "tiles", Types.TUPLE(Types.LONG, Types.LONG), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)));
    }

    /** That whose turn it is; null where nothing is kept of it, or where it is of a group that there is not any more. */
    @Nullable
    Entity read(long key) throws IOException {
        byte @Nullable [] kept = state.value();
        if (kept == null) {
            return null;
        }
        byte[] written = Arrays.copyOfRange(kept, Long.BYTES, kept.length);
        long id = EntityState.group(written);
        for (EntityStates group : groups) {
            if (group.group().id() == id) {
                return new Entity(
                        group.group(),
                        key,
                        group.read(written, tiles),
                        ByteBuffer.wrap(kept).getLong());
            }
        }
        return null;
    }

    /**
     * One to which nothing happened yet.
     *
     * @param group which one, in their order
     */
    Entity begin(int group, long key) {
        EntityStates of = groups.get(group);
        return new Entity(of.group(), key, of.begin(tiles), Entity.NEVER);
    }

    /** That whose turn it is. */
    void write(Entity entity) throws IOException {
        byte @Nullable [] after = entity.state().write();
        if (after == null) {
            clear();
            return;
        }
        state.update(ByteBuffer.allocate(Long.BYTES + after.length)
                .putLong(entity.dueMicros())
                .put(after)
                .array());
    }

    /** Forgets that whose turn it is. */
    void clear() {
        state.clear();
        tiles.clear();
    }
}
