package io.millrace.trainer.learn;

import java.util.Arrays;

/**
 * Whether rows may occur more than once in an example: never says no where one does, and rarely yes where none does (of 40
 * different rows, once in twenty examples). To see that must cost less than a step of learning: each row leaves the example's
 * number in one of {@value #MARKS} bytes, and one that finds it there has perhaps occurred. Not thread-safe.
 */
final class RepeatedRows {
    private static final int MARKS = 1 << 14;

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
        any = found;
    }

    boolean any() {
        return any;
    }
}
