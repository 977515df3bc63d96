package io.millrace.trainer.ids;

import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowKey;
import java.util.Arrays;

/**
 * The rows of features as a hash table of ids with linear probing. A row is taken out by moving later ones of its chain back
 * into the gap (Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R), so that a search may end at
 * the first empty slot and nothing is left behind. All of it lies in the parameters' table.
 */
final class IdTable {
    /** Of 16 slots so many are taken before the table doubles; at its bound, before ids are evicted. */
    private static final int FULL_16THS = 11;

    /** Of 16 slots so many may be taken while an example, or a mini-batch, is learned. */
    private static final int PACKED_16THS = 14;

    private final ParameterTable table;
    private final int first;
    private final int mostRows;
    private final int high;
    private final int low;
    private final int seen;
    private final float[] row;
    private int used;
    private int waiting;

    IdTable(Layout layout, ParameterTable table) {
        this.table = table;
        this.first = layout.firstFeature();
        this.mostRows = layout.mostRows();
        this.high = layout.own();
        this.low = high + 2;
        this.seen = high + RowKey.SERVED;
        this.row = new float[table.columns()];
    }

    /** How many slots there are: a power of two. */
    int slots() {
        return table.rows() - first;
    }

    int row(int slot) {
        return first + slot;
    }

    int used() {
        return used;
    }

    boolean isTaken(int row) {
        return table.get(row, high) != 0;
    }

    boolean hasRoom() {
        return used < slots() / 16 * PACKED_16THS;
    }

    /** Whether fewer slots should be taken, were there so many ids more, and those not that {@link #recount} found waiting. */
    boolean isFull(int more) {
        return used - waiting + more > slots() / 16 * FULL_16THS;
    }

    boolean canGrow() {
        return table.rows() < mostRows;
    }

    /** Occurrences. */
    int count(int row) {
        return RowKey.count(table.get(row, low));
    }

    void count(int row, int count) {
        table.put(row, low, RowKey.recounted(table.get(row, low), count));
    }

    /** When a row's id occurred last; negative if that has not been told. */
    int seen(int row) {
        return RowKey.unpack(table.get(row, seen));
    }

    void see(int row, int tick) {
        table.put(row, seen, RowKey.pack(tick));
    }

    /** Puts an id that is not there into an empty slot. */
    void insert(int row, long hash) {
        table.put(row, high, RowKey.high(hash));
        table.put(row, high + 1, RowKey.middle(hash));
        table.put(row, low, RowKey.low(hash, 0));
        used++;
    }

    /** Empties the slot of the last of a chain: of what was inserted last. */
    void takeBack(int row) {
        clear(row);
        used--;
    }

    /** Makes of a row one of an id that has learned nothing and never occurred. */
    void renew(int at) {
        table.readRow(at, row);
        Arrays.fill(row, 0, high, 0);
        row[low] = RowKey.recounted(row[low], 0);
        row[seen] = 0;
        table.writeRow(at, row);
    }

    /** Takes an id out. */
    void remove(int slot) {
        int mask = slots() - 1;
        int bits = Integer.bitCount(mask);
        int gap = slot;
        for (int next = gap + 1 & mask; isTaken(row(next)); next = next + 1 & mask) {
            int home = RowKey.home(table.get(row(next), high), bits);
            if ((next - home & mask) >= (next - gap & mask)) {
                table.readRow(row(next), row);
                table.writeRow(row(gap), row);
                gap = next;
            }
        }
        clear(row(gap));
        used--;
    }

    private void clear(int at) {
        Arrays.fill(row, 0);
        table.writeRow(at, row);
    }

    /** Doubles the table. */
    void grow() {
        int slots = slots() * 2;
        int bits = Integer.numberOfTrailingZeros(slots);
        table.grow(first + slots, (before, floats) -> {
            if (before < first) {
                return before;
            }
            int slot = RowKey.home(floats[high], bits);
            while (isTaken(row(slot))) {
                slot = slot + 1 & slots - 1;
            }
            return row(slot);
        });
    }

    /** Counts the taken slots: after rows were replaced. Ids whose occurrence has not been counted yet are to be placed again. */
    void recount() {
        used = 0;
        waiting = 0;
        for (int slot = 0; slot < slots(); slot++) {
            if (isTaken(row(slot))) {
                used++;
                waiting += seen(row(slot)) < 0 ? 1 : 0;
            }
        }
    }

    /** Takes note that no id waits for its occurrence to be counted. */
    void counted() {
        waiting = 0;
    }
}
