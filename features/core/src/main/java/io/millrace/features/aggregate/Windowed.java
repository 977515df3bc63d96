package io.millrace.features.aggregate;

import io.millrace.features.spec.Horizon;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of one entity over a sliding window: at time t, all observations from {@code floor((t - length) / tile) * tile}
 * on. The end of the window is exact, its beginning rounded down to a tile: tile n, which begins at {@code n * tile}, is out of
 * sight from {@code (n + 1) * tile + length} on.
 *
 * <p>The newest tile and the sum of all before it are at hand, so that a value takes one merge and an observation touches no
 * other tile, unless it is late; older tiles lie in {@link Tiles}, and are read again once for each that is out of sight.
 */
final class Windowed implements AggregateState {
    private static final int MEMORY = 48;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NONE = Long.MIN_VALUE;

    /**
     * What the windows of an aggregate have in common, whatever the entity.
     *
     * @param id names the aggregate among the tiles
     */
    record Shape(Partials partials, long lengthMicros, long tileMicros, long id) {
        Shape(Partials partials, Horizon.Window window, long id) {
            this(partials, Partials.micros(window.length()), Partials.micros(window.tile()), id);
        }

        long tile(long timeMicros) {
            return Math.floorDiv(timeMicros, tileMicros);
        }
    }

    private final Shape shape;
    private final Tiles tiles;
    private Partial head;
    private long headTile = NONE;
    private Partial before;
    private long oldestBefore = NONE;

    Windowed(Shape shape, Tiles tiles) {
        this.shape = shape;
        this.tiles = tiles;
        this.head = empty();
        this.before = empty();
    }

    private Partial empty() {
        return shape.partials.empty();
    }

    private long firstInSight(long nowMicros) {
        return shape.tile(nowMicros - shape.lengthMicros);
    }

    private long outOfSight(long tile) {
        return (tile + 1) * shape.tileMicros + shape.lengthMicros;
    }

    @Override
    public boolean add(Observation observation, long nowMicros) {
        advance(nowMicros);
        long tile = shape.tile(observation.timeMicros());
        if (tile < firstInSight(nowMicros)) {
            return false;
        }
        if (headTile == NONE) {
            headTile = tile;
        }
        if (tile > headTile) {
            closeHead();
            headTile = tile;
        }
        if (tile == headTile) {
            head.add(observation);
        } else {
            addBefore(tile, observation);
        }
        return true;
    }

    private void closeHead() {
        keep(headTile, head);
        before.merge(head);
        oldestBefore = oldestBefore == NONE ? headTile : Math.min(oldestBefore, headTile);
        head = empty();
    }

    private void addBefore(long tile, Observation observation) {
        Partial late = empty();
        byte @Nullable [] stored = tiles.get(shape.id, tile);
        if (stored != null) {
            late.read(ByteBuffer.wrap(stored));
        }
        late.add(observation);
        keep(tile, late);
        before.add(observation);
        oldestBefore = oldestBefore == NONE ? tile : Math.min(oldestBefore, tile);
    }

    @Override
    public boolean correct(Correction correction, long nowMicros) {
        if (correction.wrong() == null) {
            return add(Objects.requireNonNull(correction.right()), nowMicros);
        }
        advance(nowMicros);
        long first = firstInSight(nowMicros);
        long tile = shape.tile(correction.timeMicros());
        if (headTile == NONE || tile < first || tile > headTile) {
            return false;
        }
        if (tile == headTile) {
            head.correct(correction);
            if (head.isEmpty()) {
                stepBack(first);
            }
            return true;
        }
        byte @Nullable [] stored = tiles.get(shape.id, tile);
        if (stored == null) {
            return false;
        }
        Partial one = empty();
        one.read(ByteBuffer.wrap(stored));
        one.correct(correction);
        keep(tile, one);
        if (correction.isRemoval()) {
            sumUpFrom(first);
        } else {
            before.correct(correction);
        }
        return true;
    }

    /** The newest tile that is left is the head. */
    private void stepBack(long first) {
        headTile = NONE;
        tiles.forEach(shape.id, (tile, state) -> headTile = tile < first ? headTile : Math.max(headTile, tile));
        if (headTile != NONE) {
            head = empty();
            head.read(ByteBuffer.wrap(Objects.requireNonNull(tiles.get(shape.id, headTile))));
            tiles.remove(shape.id, headTile);
        }
        sumUpFrom(first);
    }

    private void keep(long tile, Partial state) {
        if (state.isEmpty()) {
            tiles.remove(shape.id, tile);
            return;
        }
        StateOutput out = new StateOutput();
        state.write(out);
        tiles.put(shape.id, tile, out.toBytes());
    }

    @Override
    public boolean advance(long nowMicros) {
        long first = firstInSight(nowMicros);
        boolean changed = false;
        if (oldestBefore != NONE && oldestBefore < first) {
            sumUpFrom(first);
            changed = true;
        }
        if (headTile != NONE && headTile < first) {
            head = empty();
            headTile = NONE;
            changed = true;
        }
        return changed;
    }

    private void sumUpFrom(long first) {
        TreeMap<Long, byte[]> all = new TreeMap<>();
        tiles.forEach(shape.id, all::put);
        before = empty();
        oldestBefore = NONE;
        all.forEach((tile, state) -> {
            if (tile < first) {
                tiles.remove(shape.id, tile);
            } else {
                Partial one = empty();
                one.read(ByteBuffer.wrap(state));
                before.merge(one);
                oldestBefore = oldestBefore == NONE ? tile : oldestBefore;
            }
        });
    }

    @Override
    public long nextChange() {
        long oldest = oldestBefore == NONE ? headTile : oldestBefore;
        return oldest == NONE ? NEVER : outOfSight(oldest);
    }

    @Override
    public long validUntil() {
        return headTile == NONE ? NEVER : outOfSight(headTile);
    }

    @Override
    public @Nullable Summary summary(long nowMicros) {
        if (isEmpty()) {
            return null;
        }
        if (oldestBefore == NONE) {
            return head.summary(nowMicros);
        }
        StateOutput copied = new StateOutput();
        before.write(copied);
        Partial all = empty();
        all.read(ByteBuffer.wrap(copied.toBytes()));
        all.merge(head);
        return all.summary(nowMicros);
    }

    @Override
    public boolean isEmpty() {
        return headTile == NONE && oldestBefore == NONE;
    }

    @Override
    public int memory() {
        return MEMORY + head.memory() + before.memory();
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(headTile).putLong(oldestBefore);
        if (headTile != NONE) {
            head.write(out);
        }
        if (oldestBefore != NONE) {
            before.write(out);
        }
    }

    @Override
    public void read(ByteBuffer in, boolean hasCounts) {
        headTile = in.getLong();
        oldestBefore = in.getLong();
        if (headTile != NONE) {
            head.read(in);
        }
        if (oldestBefore != NONE) {
            before.read(in);
        }
    }
}
