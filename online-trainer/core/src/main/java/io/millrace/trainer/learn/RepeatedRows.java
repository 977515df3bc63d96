package io.millrace.trainer.learn;

import java.util.Arrays;

/**
 * Whether rows occur more than once in an example. To see that must cost less than a step of learning: each row leaves the
 * example's number in one of {@value #MARKS} bytes, and one that finds it there has perhaps occurred. Of 40 different rows that
 * happens once in twenty examples, and then they are compared with one another. Of more than {@value #FEW} rows it is said
 * without a comparison: then yes may be wrong, but never no. Not thread-safe.
 */
final class RepeatedRows {
    private static final int MARKS = 1 << 14;
    private static final int FEW = 128;

    private final byte[] marks = new byte[MARKS];
    private byte mark;
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
        any = found && (count > FEW || occurTwice(rows, count));
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

    boolean any() {
        return any;
    }
}
