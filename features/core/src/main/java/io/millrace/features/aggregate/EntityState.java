package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All aggregates of one entity.
 *
 * <p>The entity has a time of its own, that of the latest observation or {@link #advance}, at which its windows end. Its state is
 * bytes, in which each aggregate is found by its definition: after a change of the spec, those that are still there go on, new
 * ones begin, and what is gone is dropped.
 */
public final class EntityState {
    private static final byte FORMAT = 3;
    private static final byte WITHOUT_COUNTS = 2;
    private static final byte WITHOUT_POSITIONS = 1;
    private static final int MEMORY = 176;
    private static final long NEVER = Long.MAX_VALUE;

    private final AggregateGroup group;
    private final AggregateState[] states;
    private final Positions positions = new Positions();
    private long nowMicros = Long.MIN_VALUE;

    /**
     * @param written what {@link #write} wrote; null for an entity that nothing happened to yet
     * @throws IllegalArgumentException if it is of a newer format
     */
    public EntityState(AggregateGroup group, byte @Nullable [] written, Tiles tiles) {
        this(new EntityStates(group), written, tiles);
    }

    /** @param common what it has in common with the other entities of its group */
    EntityState(EntityStates common, byte @Nullable [] written, Tiles tiles) {
        this.group = common.group();
        this.states = common.empty(tiles);
        if (written != null) {
            read(ByteBuffer.wrap(written), tiles);
        }
    }

    /** Whose state this is, without reading all of it. */
    public static long group(byte[] written) {
        return ByteBuffer.wrap(written).getLong(1);
    }

    /** Notes where in the log the observations that it is given now stand. */
    public void take(Origin origin, int partition, long offset) {
        positions.take(origin, partition, offset);
    }

    /** What it is made of. */
    Positions positions() {
        return positions;
    }

    /**
     * Takes an observation.
     *
     * @param aggregate which of the group's
     * @return whether it was not too old to count
     */
    public boolean add(int aggregate, Observation observation) {
        advance(observation.timeMicros());
        return states[aggregate].add(observation, nowMicros);
    }

    /**
     * Takes what something means for it.
     *
     * @return whether it was not too old to count
     */
    public boolean add(Hit hit) {
        if (hit instanceof Hit.Corrected corrected) {
            return correct(corrected.aggregate(), corrected.correction());
        }
        return add(hit.aggregate(), ((Hit.Added) hit).observation());
    }

    /**
     * Takes back an observation, as far as the aggregate can, and takes another instead.
     *
     * @return whether what is corrected is in sight: else there is nothing to take back, and nothing to take
     */
    public boolean correct(int aggregate, Correction correction) {
        advance(correction.knownMicros());
        return states[aggregate].correct(correction, nowMicros);
    }

    /**
     * Lets time pass; a time before that of the entity changes nothing.
     *
     * @return whether something is out of sight now
     */
    public boolean advance(long timeMicros) {
        if (timeMicros <= nowMicros) {
            return false;
        }
        nowMicros = timeMicros;
        boolean changed = false;
        for (AggregateState state : states) {
            changed |= state.advance(nowMicros);
        }
        return changed;
    }

    /** The entity's time. */
    public long nowMicros() {
        return nowMicros;
    }

    /** When {@link #advance} will change something; {@code Long.MAX_VALUE} for never. */
    public long nextChange() {
        long next = NEVER;
        for (AggregateState state : states) {
            next = Math.min(next, state.nextChange());
        }
        return next;
    }

    /** The value of an aggregate now; none where nothing is in sight. */
    public @Nullable Summary summary(int aggregate) {
        return states[aggregate].summary(nowMicros);
    }

    /** When nothing of an aggregate is in sight unless more happens; {@code Long.MAX_VALUE} for never. */
    public long validUntil(int aggregate) {
        return states[aggregate].validUntil();
    }

    /** Whether nothing is left. */
    public boolean isEmpty() {
        for (AggregateState state : states) {
            if (!state.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** About how much memory it takes, in bytes. */
    public int memory() {
        int bytes = MEMORY;
        for (AggregateState state : states) {
            bytes += state.memory();
        }
        return bytes;
    }

    /** The state, to go on from; null where nothing is left. */
    public byte @Nullable [] write() {
        if (isEmpty()) {
            return null;
        }
        StateOutput out = new StateOutput().putByte(FORMAT).putLong(group.id()).putLong(nowMicros);
        positions.write(out);
        for (int i = 0; i < states.length; i++) {
            if (!states[i].isEmpty()) {
                out.putLong(group.definitions().get(i)).putSized(states[i]::write);
            }
        }
        return out.toBytes();
    }

    /** Tiles of what is not defined any more. */
    private static void forget(long definition, Tiles tiles) {
        List<Long> numbers = new ArrayList<>();
        tiles.forEach(definition, (tile, state) -> numbers.add(tile));
        numbers.forEach(tile -> tiles.remove(definition, tile));
    }

    /** Which aggregate has a definition; they were written in their order, so that it is usually the expected one. */
    private int index(long definition, int expected) {
        return expected < states.length && group.definitions().get(expected) == definition
                ? expected
                : group.definitions().indexOf(definition);
    }

    private void read(ByteBuffer in, Tiles tiles) {
        byte format = in.get();
        if (format != FORMAT && format != WITHOUT_COUNTS && format != WITHOUT_POSITIONS) {
            throw new IllegalArgumentException("state of an entity: format " + format + " (expected: " + FORMAT + ")");
        }
        in.getLong();
        nowMicros = in.getLong();
        if (format == WITHOUT_POSITIONS) {
            positions.forget();
        } else {
            positions.read(in);
        }
        int expected = 0;
        while (in.hasRemaining()) {
            long definition = in.getLong();
            int aggregate = index(definition, expected);
            int length = in.getInt();
            int end = in.position() + length;
            if (aggregate >= 0) {
                states[aggregate].read(in, format == FORMAT);
                expected = aggregate + 1;
            } else {
                forget(definition, tiles);
            }
            in.position(end);
        }
    }
}
