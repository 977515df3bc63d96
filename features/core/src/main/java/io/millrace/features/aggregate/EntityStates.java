package io.millrace.features.aggregate;

import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.Horizon;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the states of a group's entities. What they have in common is made once: of entities in memory there are millions. Safe for use by several
 * threads.
 */
public final class EntityStates {
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final AggregateGroup group;
    private final List<Function<Tiles, AggregateState>> makers = new ArrayList<>();

    public EntityStates(AggregateGroup group) {
        this.group = group;
        for (int i = 0; i < group.aggregates().size(); i++) {
            makers.add(maker(group.aggregates().get(i), group.definitions().get(i)));
        }
    }

    private static Function<Tiles, AggregateState> maker(AggregateSpec spec, long definition) {
        Partials partials = new Partials(spec);
        if (spec.horizon() instanceof Horizon.Window window) {
            Windowed.Shape shape = new Windowed.Shape(partials, window, definition);
            return tiles -> new Windowed(shape, tiles);
        }
        long ttlMicros = spec.ttl() == null ? FOR_EVER : Partials.micros(spec.ttl());
        return tiles -> new Whole(partials, ttlMicros);
    }

    public AggregateGroup group() {
        return group;
    }

    /** An entity that nothing happened to yet. */
    public EntityState begin(Tiles tiles) {
        return new EntityState(this, null, tiles);
    }

    /**
     * An entity that goes on.
     *
     * @param written what {@link EntityState#write} wrote
     * @throws IllegalArgumentException if it is of a newer format
     */
    public EntityState read(byte[] written, Tiles tiles) {
        return new EntityState(this, written, tiles);
    }

    /** An empty state for each aggregate. */
    AggregateState[] empty(Tiles tiles) {
        AggregateState[] states = new AggregateState[makers.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = makers.get(i).apply(tiles);
        }
        return states;
    }
}
