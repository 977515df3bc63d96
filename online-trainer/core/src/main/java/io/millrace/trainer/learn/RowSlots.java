package io.millrace.trainer.learn;

import java.util.Arrays;

/**
 * Numbers rows from 0 on, in order of first occurrence. A small open-addressing table whose entries are stamped with the
 * round's number, so that it is never cleared. Not thread-safe.
 */
final class RowSlots {
    private int[] rows = new int[64];
    private int size;

    private int[] table = new int[256];
    private int[] stamps = new int[256];
    private int stamp;

    /** Begins anew. */
    void clear() {
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
        size = 0;
    }

    int size() {
        return size;
    }

    int row(int slot) {
        return rows[slot];
    }

    /** The rows by number, of which the first {@link #size} count. */
    int[] rows() {
        return rows;
    }

    /** The number of a row; {@link #size} grows with a row that is new. */
    int slot(int row) {
        int mask = table.length - 1;
        int place = (row * 0x9E3779B9 >>> 16 ^ row) & mask;
        while (stamps[place] == stamp) {
            int slot = table[place];
            if (rows[slot] == row) {
                return slot;
            }
            place = place + 1 & mask;
        }
        if (size == rows.length) {
            grow();
            return slot(row);
        }
        stamps[place] = stamp;
        table[place] = size;
        rows[size] = row;
        return size++;
    }

    private void grow() {
        int[] known = rows;
        rows = new int[known.length * 2];
        table = new int[rows.length * 4];
        stamps = new int[rows.length * 4];
        stamp = 1;
        size = 0;
        for (int row : known) {
            slot(row);
        }
    }
}
