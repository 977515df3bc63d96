package io.millrace.trainer.learn;

import java.util.Arrays;

/**
 * Whether rows occur more than once in an example. To see that must cost less than a step of learning: each row leaves the
 * example's number in one of {@value #MARKS} bytes, and one that finds it there has perhaps occurred. Of 40 different rows that
 * happens once in twenty examples, of hundreds nearly always; then they are compared with one another, of more than
 * {@value #FEW} by a table with open addressing. Not thread-safe.
 */
final class RepeatedRows {
    private static final int MARKS = 1 << 14;
    private static final int FEW = 64;
    private static final int PLACES_A_ROW = 4;
    private static final int NOBODY = -1;

    private final byte[] marks = new byte[MARKS];
    private byte mark;
    private int[] places = new int[0];
    private boolean any;

    void find(int[] rows, int count) {
        if (++mark == 0) {
            Arrays.fill(marks, (byte) 0);
            mark = 1;
        }
        boolean found = false;
        for (int i = 0; i < count; i++) {
            int place = rows[i] & MARKS - 1;
            found |= marks[place] == mark;
            marks[place] = mark;
        }
        any = found && (count > FEW ? occurTwiceOfMany(rows, count) : occurTwice(rows, count));
    }

    private static boolean occurTwice(int[] rows, int count) {
        boolean found = false;
        for (int i = 1; i < count; i++) {
            int row = rows[i];
            for (int j = 0; j < i; j++) {
                found |= rows[j] == row;
            }
        }
        return found;
    }

    private boolean occurTwiceOfMany(int[] rows, int count) {
        int size = Integer.highestOneBit(count * PLACES_A_ROW);
        if (places.length < size) {
            places = new int[size];
        }
        Arrays.fill(places, 0, size, NOBODY);
        for (int i = 0; i < count; i++) {
            int place = (rows[i] * 0x9E3779B9 >>> 8) & size - 1;
            while (places[place] != NOBODY) {
                if (places[place] == rows[i]) {
                    return true;
                }
                place = place + 1 & size - 1;
            }
            places[place] = rows[i];
        }
        return false;
    }

    boolean any() {
        return any;
    }
}
