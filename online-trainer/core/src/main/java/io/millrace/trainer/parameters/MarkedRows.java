package io.millrace.trainer.parameters;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A set of row numbers: a bitmap with a second one over its words, so that visiting n of them in ascending order takes time
 * in proportion to n and to a 4,096th of the range, and no sorting. Not thread-safe.
 */
final class MarkedRows {
    private final long[] words;
    private final long[] summary;
    private int size;

    /** For numbers below {@code range}. */
    MarkedRows(int range) {
        this.words = new long[(range - 1 >>> 6) + 1];
        this.summary = new long[(words.length - 1 >>> 6) + 1];
    }

    /** Adds a number; returns whether it was not there. */
    boolean add(int number) {
        int word = number >>> 6;
        long bit = 1L << number;
        if ((words[word] & bit) != 0) {
            return false;
        }
        words[word] |= bit;
        summary[word >>> 6] |= 1L << word;
        size++;
        return true;
    }

    int size() {
        return size;
    }

    /** Visits them in ascending order. */
    void forEach(IntConsumer visitor) {
        for (int s = 0; s < summary.length; s++) {
            for (long words64 = summary[s]; words64 != 0; words64 &= words64 - 1) {
                int word = s << 6 | Long.numberOfTrailingZeros(words64);
                for (long bits = words[word]; bits != 0; bits &= bits - 1) {
                    visitor.accept(word << 6 | Long.numberOfTrailingZeros(bits));
                }
            }
        }
    }

    void clear() {
        for (int s = 0; s < summary.length; s++) {
            for (long words64 = summary[s]; words64 != 0; words64 &= words64 - 1) {
                words[s << 6 | Long.numberOfTrailingZeros(words64)] = 0;
            }
        }
        Arrays.fill(summary, 0);
        size = 0;
    }
}
