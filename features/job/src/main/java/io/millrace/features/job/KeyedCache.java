package io.millrace.features.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * State of keys in memory, in front of where it is kept: what is used again soon is neither read nor written in between. What has
 * changed is kept when it is {@linkplain #flush told to}, at each checkpoint, or gives way to others. So what is kept at a checkpoint is what
 * would be kept without this.
 *
 * <p>What gives way is found by the second-chance algorithm, not by a list in the order of use: using a state then writes no
 * reference, which the garbage collector would have to look after.
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
    private static final int OVERHEAD_BYTES = 200;
    /** So many that are gone are not worth looking for. */
    private static final int SOME_GONE = 1_000;

    /** Where state is kept. */
    interface Store<S> {
        /** Null where nothing is kept of a key. */
        @Nullable
        S read(long key);

        /** Keeps it. */
        void write(long key, S state);

        /** Keeps nothing of a key any more. */
        void remove(long key);

        /** Whether nothing of it is left to keep. */
        boolean isEmpty(S state);

        /** The event time at which it is to be looked at, in milliseconds, or {@link #NEVER}. */
        long due(S state);

        /** About how many bytes it takes in memory; asked when it is read, when it changes for the first time after that, and when it is kept. */
        long weight(S state);

        /** Keeps a timer. */
        void wakeAt(long key, long timeMillis);
    }

    /** The state of a key. */
    static final class Entry<S> {
        private final long key;
        /** Null when it is gone: lists that still have the entry are not to keep that in memory. */
        private @Nullable S state;

        private long weight;
        private boolean isKept;
        private boolean isChanged;
        /** Among those that are to be kept. */
        private boolean isListed;
        /** Again, since it came or last was to give way. */
        private boolean isUsed;

        private boolean isGone;
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
            return Objects.requireNonNull(state, "state of an entry that was released and is gone");
        }
    }

    private record Wake(long timeMillis, long key) {}

    private final Store<S> store;
    private final long mostBytes;
    private final Map<Long, Entry<S>> entries = new HashMap<>();
    /** The next to give way first; and some that are gone. */
    private final ArrayDeque<Entry<S>> queue = new ArrayDeque<>();

    private final PriorityQueue<Wake> wakes =
            new PriorityQueue<>(Comparator.comparingLong(Wake::timeMillis).thenComparingLong(Wake::key));
    /** What is to be kept; and some that is gone. */
    private final List<Entry<S>> unkept = new ArrayList<>();

    private long bytes;

    /** @param mostBytes that all in memory may weigh */
    KeyedCache(Store<S> store, long mostBytes) {
        this.store = store;
        this.mostBytes = mostBytes;
    }

    /** The state of a key, which is to be {@linkplain #release released} before another is asked for; null where there is none. */
    @Nullable
    Entry<S> find(long key) {
        Entry<S> found = entries.get(key);
        if (found != null) {
            found.isUsed = true;
            return found;
        }
        S kept = store.read(key);
        if (kept == null) {
            return null;
        }
        Entry<S> entry = begin(key, kept);
        entry.isKept = true;
        entry.timer = store.due(kept);
        return entry;
    }

    /** A state for a key that has none; nothing of it is left here if it is empty when it is released. */
    Entry<S> begin(long key, S state) {
        Entry<S> entry = new Entry<>(key, state);
        weigh(entry);
        entries.put(key, entry);
        queue.add(entry);
        return entry;
    }

    /** The state of a key when a timer that was kept has fired; null where there is none. */
    @Nullable
    Entry<S> wake(long key) {
        Entry<S> entry = find(key);
        if (entry != null) {
            entry.timer = NEVER;
        }
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
     */
    void release(Entry<S> entry, boolean isChanged) {
        if (store.isEmpty(entry.state())) {
            if (entry.isKept) {
                store.remove(entry.key);
            }
            remove(entry);
            return;
        }
        if (isChanged && !entry.isChanged) {
            entry.isChanged = true;
            weigh(entry);
        }
        long due = store.due(entry.state());
        if (due < entry.timer && due < entry.wake) {
            entry.wake = due;
            wakes.add(new Wake(due, entry.key));
        }
        if (!entry.isListed && (entry.isChanged || entry.wake != NEVER)) {
            entry.isListed = true;
            unkept.add(entry);
        }
        makeRoom();
    }

    /** Keeps all that has changed. */
    void flush() {
        List<Entry<S>> all = List.copyOf(unkept);
        unkept.clear();
        wakes.clear();
        for (Entry<S> entry : all) {
            if (!entry.isGone) {
                keep(entry);
            }
        }
    }

    private void makeRoom() {
        while (bytes > mostBytes) {
            Entry<S> next = queue.remove();
            if (next.isGone) {
                continue;
            }
            if (next.isUsed) {
                next.isUsed = false;
                queue.add(next);
                continue;
            }
            if (next.isListed) {
                keep(next);
            }
            remove(next);
        }
    }

    private void keep(Entry<S> entry) {
        entry.isListed = false;
        if (entry.isChanged) {
            store.write(entry.key, entry.state());
            entry.isKept = true;
            entry.isChanged = false;
            weigh(entry);
        }
        long due = store.due(entry.state());
        if (due < entry.timer) {
            store.wakeAt(entry.key, due);
            entry.timer = due;
        }
        entry.wake = NEVER;
    }

    private void weigh(Entry<S> entry) {
        long now = OVERHEAD_BYTES + store.weight(entry.state());
        bytes += now - entry.weight;
        entry.weight = now;
    }

    private void remove(Entry<S> entry) {
        if (!entry.isGone) {
            entry.isGone = true;
            entries.remove(entry.key);
            entry.state = null;
            bytes -= entry.weight;
            forgetGone(queue);
            forgetGone(unkept);
        }
    }

    private void forgetGone(Collection<Entry<S>> some) {
        if (some.size() > 2 * entries.size() + SOME_GONE) {
            some.removeIf(entry -> entry.isGone);
        }
    }
}
