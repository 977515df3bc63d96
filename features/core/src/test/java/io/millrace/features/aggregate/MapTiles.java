package io.millrace.features.aggregate;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tiles in memory. */
public final class MapTiles implements Tiles {
    private final Map<Long, TreeMap<Long, byte[]>> tiles = new HashMap<>();

    private TreeMap<Long, byte[]> of(long aggregate) {
        return tiles.computeIfAbsent(aggregate, key -> new TreeMap<>());
    }

    /** How many there are. */
    int size() {
        return tiles.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public byte @Nullable [] get(long aggregate, long tile) {
        return of(aggregate).get(tile);
    }

    @Override
    public void put(long aggregate, long tile, byte[] state) {
        of(aggregate).put(tile, state);
    }

    @Override
    public void remove(long aggregate, long tile) {
        of(aggregate).remove(tile);
    }

    @Override
    public void forEach(long aggregate, Visitor visitor) {
        of(aggregate).forEach(visitor::tile);
    }
}
