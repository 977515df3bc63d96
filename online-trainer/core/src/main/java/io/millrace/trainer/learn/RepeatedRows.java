package io.millrace.trainer.learn;

import java.util.Arrays;

/**
 * Whether rows may occur more than once in an example: never says no where one does, and rarely yes where none does. Not
 * thread-safe.
 */
final class RepeatedRows {
    private static final int BITS = 12;
    private static final int SHIFT = Integer.SIZE - BITS;

    private final int[] stamps = new int[1 << BITS];
    private int stamp;
    private boolean any;

    void find(int[] rows, int count) {
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
        any = false;
        for (int i = 0; i < count; i++) {
            int slot = rows[i] * 0x9E3779B9 >>> SHIFT;
            any |= stamps[slot] == stamp;
            stamps[slot] = stamp;
        }
    }

    boolean any() {
        return any;
    }
}
