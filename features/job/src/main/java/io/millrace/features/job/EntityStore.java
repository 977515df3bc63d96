package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityStates;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entities as they are kept: each as the time of its next change, then what {@link EntityState} writes. Tiles of windows are written at once: that is once
 * for each, and they are seldom read. An entity that is written is published before, if it has to be: whoever reads it anew does not know of that.
 */
final class EntityStore implements KeyedCache.Store<Entity> {
    private final List<EntityStates> groups;
    private final KeyedStates states;
    private final EntityTiles tiles;
    private final Publications publications;

    EntityStore(List<AggregateGroup> groups, KeyedStates states, EntityTiles tiles, Publications publications) {
        this.groups = groups.stream().map(EntityStates::new).toList();
        this.states = states;
        this.tiles = tiles;
        this.publications = publications;
    }

    /**
     * One to which nothing happened yet.
     *
     * @param group which one, in their order
     */
    Entity begin(int group, long key) {
        EntityStates of = groups.get(group);
        return new Entity(of.group(), key, of.begin(tiles));
    }

    /** Null, too, where it is of a group that there is not any more. */
    @Override
    public @Nullable Entity read(long key) {
        byte @Nullable [] kept = states.read(key);
        if (kept == null) {
            return null;
        }
        byte[] written = Arrays.copyOfRange(kept, Long.BYTES, kept.length);
        long id = EntityState.group(written);
        for (EntityStates group : groups) {
            if (group.group().id() == id) {
                return new Entity(group.group(), key, group.read(written, tiles));
            }
        }
        return null;
    }

    @Override
    public void write(long key, Entity entity) {
        publications.publish(entity);
        byte @Nullable [] written = entity.state().write();
        if (written == null) {
            throw new IllegalStateException("entity " + key + ": nothing to keep (expected: something)");
        }
        states.write(
                key,
                ByteBuffer.allocate(Long.BYTES + written.length)
                        .putLong(entity.state().nextChange())
                        .put(written)
                        .array());
    }

    @Override
    public void remove(long key) {
        states.remove(key);
        tiles.clear();
    }

    @Override
    public boolean isEmpty(Entity entity) {
        return entity.state().isEmpty();
    }

    @Override
    public long due(Entity entity) {
        long next = entity.state().nextChange();
        return next == Long.MAX_VALUE ? KeyedCache.NEVER : EventTime.millis(next);
    }

    @Override
    public long weight(Entity entity) {
        return entity.memory();
    }

    @Override
    public void wakeAt(long key, long timeMillis) {
        states.wakeAt(key, timeMillis);
    }
}
