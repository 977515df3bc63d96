package io.millrace.features.job;

import io.millrace.features.aggregate.Tiles;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.java.tuple.Tuple2;
import org.jspecify.annotations.Nullable;

/** The tiles of the entity whose turn it is, in Flink's state. */
final class EntityTiles implements Tiles {
    private final MapState<Tuple2<Long, Long>, byte[]> state;

    EntityTiles(MapState<Tuple2<Long, Long>, byte[]> state) {
        this.state = state;
    }

    /** Flink's state throws whatever it likes. */
    private interface Access<T extends @Nullable Object> {
        T run() throws Exception;
    }

    /** Forgets all tiles of the entity. */
    void clear() {
        state.clear();
    }

    @Override
    public byte @Nullable [] get(long aggregate, long tile) {
        return access(() -> state.get(Tuple2.of(aggregate, tile)));
    }

    @Override
    public void put(long aggregate, long tile, byte[] bytes) {
        access(() -> {
            state.put(Tuple2.of(aggregate, tile), bytes);
            return bytes;
        });
    }

    @Override
    public void remove(long aggregate, long tile) {
        access(() -> {
            state.remove(Tuple2.of(aggregate, tile));
            return tile;
        });
    }

    @Override
    public void forEach(long aggregate, Visitor visitor) {
        for (Map.Entry<Tuple2<Long, Long>, byte[]> entry : access(state::entries)) {
            if (entry.getKey().f0 == aggregate) {
                visitor.tile(entry.getKey().f1, entry.getValue());
            }
        }
    }

    private static <T extends @Nullable Object> T access(Access<T> access) {
        try {
            return access.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("state of tiles: " + e.getMessage(), e);
        }
    }
}
