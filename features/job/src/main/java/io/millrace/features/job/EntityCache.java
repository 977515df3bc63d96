package io.millrace.features.job;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keys have in a keyed state that is slow to read, write and decode, decoded and in memory for those that were used of late: a write-behind
 * cache. A value that changed is in the state when it has to give way, or at the latest after {@link #writeAll}; an operator calls that
 * when it is asked for a snapshot, so that a checkpoint has everything. Used by one thread.
 *
 * <p>What gives way is found by the second-chance algorithm, not by a list in the order of use: to use a value writes no reference, and so costs the
 * garbage collector nothing. (With such a list in a {@code LinkedHashMap}, refining G1's remembered sets took a tenth of a job's processor time.)
 */
final class EntityCache<V> {
    /** The state behind it. */
    interface Store<V> {
        /** What a key has; null where it has nothing. */
        @Nullable
        V read(long key) throws IOException;

        /** Replaces what a key has. It is not the key whose turn it is. */
        void write(long key, V value) throws IOException;

        /** About how much memory a value takes, in bytes; asked when it is read, when it first changes after that, and when it is written. */
        long weight(V value);
    }

    private static final class Slot<V> {
        final long key;
        final V value;
        long weight;
        /** Again, since it came or was last looked at as one that might give way. */
        boolean isUsed;

        boolean isChanged;
        boolean isGone;

        Slot(long key, V value) {
            this.key = key;
            this.value = value;
        }
    }

    private final Store<V> store;
    private final long maxWeight;
    private final Map<Long, Slot<V>> slots = new HashMap<>();
    /** All of them, the next to look at first; and some that are gone. */
    private final ArrayDeque<Slot<V>> queue = new ArrayDeque<>();

    private final List<Slot<V>> changed = new ArrayList<>();
    private @Nullable Slot<V> latest;
    private long weight;

    /**
     * @param maxWeight the most that all values together may weigh; the one that was used last stays, whatever it weighs
     */
    EntityCache(Store<V> store, long maxWeight) {
        this.store = store;
        this.maxWeight = maxWeight;
    }

    /** What a key has, which is the same object as before while it is in memory; null where it has nothing. */
    @Nullable
    V get(long key) throws IOException {
        Slot<V> slot = slots.get(key);
        if (slot != null) {
            slot.isUsed = true;
            latest = slot;
            return slot.value;
        }
        V value = store.read(key);
        if (value != null) {
            add(key, value);
        }
        return value;
    }

    /** Notes that a key's value has changed: either that which it had, or another one, which it has from now on. */
    void put(long key, V value) throws IOException {
        Slot<V> slot = latest;
        if (slot == null || slot.value != value || slot.isGone) {
            remove(key);
            slot = add(key, value);
        }
        if (!slot.isChanged) {
            slot.isChanged = true;
            changed.add(slot);
            weigh(slot);
        }
    }

    /** Forgets what a key has, as far as it is here; the caller takes it out of the state. */
    void remove(long key) {
        Slot<V> slot = slots.remove(key);
        if (slot != null) {
            weight -= slot.weight;
            slot.isChanged = false;
            slot.isGone = true;
        }
        if (queue.size() > 2 * slots.size() + 1) {
            queue.removeIf(one -> one.isGone);
        }
    }

    /** Writes what has changed; it stays in memory, as far as there is room. */
    void writeAll() throws IOException {
        for (Slot<V> slot : changed) {
            write(slot);
        }
        changed.clear();
        makeRoom();
    }

    private Slot<V> add(long key, V value) throws IOException {
        Slot<V> slot = new Slot<>(key, value);
        slots.put(key, slot);
        queue.add(slot);
        latest = slot;
        weigh(slot);
        makeRoom();
        return slot;
    }

    private void write(Slot<V> slot) throws IOException {
        if (slot.isChanged) {
            store.write(slot.key, slot.value);
            slot.isChanged = false;
            if (!slot.isGone) {
                weigh(slot);
            }
        }
    }

    private void weigh(Slot<V> slot) {
        long now = store.weight(slot.value);
        weight += now - slot.weight;
        slot.weight = now;
    }

    private void makeRoom() throws IOException {
        while (weight > maxWeight && slots.size() > 1) {
            Slot<V> next = queue.remove();
            if (next.isGone) {
                continue;
            }
            if (next.isUsed || next == latest) {
                next.isUsed = false;
                queue.add(next);
            } else {
                slots.remove(next.key);
                weight -= next.weight;
                next.isGone = true;
                write(next);
            }
        }
        if (changed.size() > 2 * slots.size() + 1) {
            changed.removeIf(one -> !one.isChanged);
        }
    }
}
