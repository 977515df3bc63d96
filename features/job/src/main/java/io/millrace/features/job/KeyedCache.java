package io.millrace.features.job;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * State of keys in memory, in front of where it is kept: what is used again soon is neither read nor written in between. What has
 * changed is kept when it is {@linkplain #flush told to}, at each checkpoint, or makes room, the least recently used first. So what is
 * kept at a checkpoint is what would be kept without this.
 *
 * <p>With event-time timers it is the same: one is set where it is kept only when its state is, and until then {@link #poll} gives what
 * is due. A state that is kept has a timer that is due no later than it is; it may be due earlier, since what is due can move.
 *
 * <p>For one thread.
 *
 * @param <S> state in memory, which its user changes in place
 */
final class KeyedCache<S> {
    /** No time. */
    static final long NEVER = Long.MAX_VALUE;

    /** What an entry takes in memory besides its state. */
    private static final int OVERHEAD_BYTES = 400;

    /** State as it is kept. */
    record Kept<S>(S state, int bytes) {}

    /** Where state is kept. */
    interface Store<S> {
        /** Null where nothing is kept of a key. */
        @Nullable
        Kept<S> read(long key);

        /** State of a key of which nothing is kept. */
        S fresh();

        /** Keeps it; where nothing of it is left to keep, removes what was kept and returns false. */
        boolean write(long key, S state);

        /** Whether nothing of it is left to keep. */
        boolean isEmpty(S state);

        /** The event time at which it is to be looked at, in milliseconds, or {@link #NEVER}. */
        long due(S state);

        /** Keeps a timer. */
        void wakeAt(long key, long timeMillis);
    }

    /** The state of a key. */
    static final class Entry<S> {
        private final long key;
        private final S state;
        private long weight = OVERHEAD_BYTES;
        private boolean isKept;
        private boolean isChanged;
        /** The earliest of the timers that are kept, as far as is known; and the one that is waiting here. */
        private long timer = NEVER;

        private long wake = NEVER;

        private Entry(long key, S state) {
            this.key = key;
            this.state = state;
        }

        long key() {
            return key;
        }

        S state() {
            return state;
        }
    }

    private record Wake(long timeMillis, long key) {}

    private final Store<S> store;
    private final long mostBytes;
    private final LinkedHashMap<Long, Entry<S>> entries = new LinkedHashMap<>(1 << 10, 0.75f, true);
    private final PriorityQueue<Wake> wakes =
            new PriorityQueue<>(Comparator.comparingLong(Wake::timeMillis).thenComparingLong(Wake::key));
    private final Set<Entry<S>> unkept = new LinkedHashSet<>();
    private long bytes;

    /** @param mostBytes of states, as estimated by what has gone into them, before some make room */
    KeyedCache(Store<S> store, long mostBytes) {
        this.store = store;
        this.mostBytes = mostBytes;
    }

    /** The state of a key, which is to be {@linkplain #release released} before another is asked for. */
    Entry<S> get(long key) {
        Entry<S> found = entries.get(key);
        if (found != null) {
            return found;
        }
        Kept<S> kept = store.read(key);
        Entry<S> entry = new Entry<>(key, kept == null ? store.fresh() : kept.state());
        if (kept != null) {
            entry.isKept = true;
            entry.timer = store.due(entry.state);
            entry.weight += 2L * kept.bytes();
        }
        bytes += entry.weight;
        entries.put(key, entry);
        return entry;
    }

    /** The same when a timer that was kept has fired. */
    Entry<S> wake(long key) {
        Entry<S> entry = get(key);
        entry.timer = NEVER;
        return entry;
    }

    /** One that is due and has no timer that is kept, the earliest first; null where there is none. */
    @Nullable
    Entry<S> poll(long timeMillis) {
        for (Wake next = wakes.peek(); next != null && next.timeMillis() <= timeMillis; next = wakes.peek()) {
            wakes.remove();
            Entry<S> entry = entries.get(next.key());
            if (entry != null && entry.wake == next.timeMillis()) {
                entry.wake = NEVER;
                return entry;
            }
        }
        return null;
    }

    /**
     * Takes a state back from its user.
     *
     * @param isChanged whether the user has changed it
     * @param added how many bytes have gone into it
     */
    void release(Entry<S> entry, boolean isChanged, int added) {
        entry.isChanged |= isChanged;
        if (!entry.isKept && store.isEmpty(entry.state)) {
            unkept.remove(entry);
            remove(entry);
            return;
        }
        entry.weight += 2L * added;
        bytes += 2L * added;
        long due = store.due(entry.state);
        if (due < entry.timer && due < entry.wake) {
            entry.wake = due;
            wakes.add(new Wake(due, entry.key));
        }
        if (entry.isChanged || entry.wake != NEVER) {
            unkept.add(entry);
        }
        makeRoom();
    }

    /** Keeps all that has changed. */
    void flush() {
        for (Entry<S> entry : unkept) {
            keep(entry);
        }
        unkept.clear();
        wakes.clear();
    }

    private void makeRoom() {
        Iterator<Map.Entry<Long, Entry<S>>> eldest = entries.entrySet().iterator();
        while (bytes > mostBytes && eldest.hasNext()) {
            Entry<S> entry = eldest.next().getValue();
            eldest.remove();
            bytes -= entry.weight;
            if (unkept.remove(entry)) {
                keep(entry);
            }
        }
    }

    private void keep(Entry<S> entry) {
        if (entry.isChanged) {
            entry.isKept = store.write(entry.key, entry.state);
            entry.isChanged = false;
        }
        long due = store.due(entry.state);
        if (due < entry.timer) {
            store.wakeAt(entry.key, due);
            entry.timer = due;
        }
        entry.wake = NEVER;
        if (!entry.isKept) {
            remove(entry);
        }
    }

    private void remove(Entry<S> entry) {
        if (entries.remove(entry.key, entry)) {
            bytes -= entry.weight;
        }
    }
}
