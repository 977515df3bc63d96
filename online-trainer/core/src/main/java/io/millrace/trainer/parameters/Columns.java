package io.millrace.trainer.parameters;

import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/**
 * Moves columns of several rows between a table's memory and arrays.
 *
 * <p>The rows that an example uses lie anywhere in the table, and a processor can wait for many cache lines at once if it is
 * asked for them within its window of a few hundred instructions. So these loops do as little as possible besides, and four
 * columns go in one pass. Every access is checked against the table's bounds.
 */
final class Columns {
    private Columns() {}

    /** One column. */
    static void gather(FloatRawIndexer from, int stride, int[] rows, int count, int column, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = from.getRaw((long) rows[i] * stride + column);
        }
    }

    /** The first {@code to.length} columns. */
    static void gather(FloatRawIndexer from, int stride, int[] rows, int count, float[][] to) {
        int c = 0;
        for (; c + 4 <= to.length; c += 4) {
            gatherFour(from, stride, rows, count, c, to[c], to[c + 1], to[c + 2], to[c + 3]);
        }
        for (; c < to.length; c++) {
            gather(from, stride, rows, count, c, to[c]);
        }
    }

    private static void gatherFour(
            FloatRawIndexer from,
            int stride,
            int[] rows,
            int count,
            int column,
            float[] a,
            float[] b,
            float[] c,
            float[] d) {
        for (int i = 0; i < count; i++) {
            long start = (long) rows[i] * stride + column;
            a[i] = from.getRaw(start);
            b[i] = from.getRaw(start + 1);
            c[i] = from.getRaw(start + 2);
            d[i] = from.getRaw(start + 3);
        }
    }

    /** The inverse. */
    static void scatter(FloatRawIndexer to, int stride, int[] rows, int count, float[][] from) {
        int c = 0;
        for (; c + 4 <= from.length; c += 4) {
            scatterFour(to, stride, rows, count, c, from[c], from[c + 1], from[c + 2], from[c + 3]);
        }
        for (; c < from.length; c++) {
            for (int i = 0; i < count; i++) {
                to.putRaw((long) rows[i] * stride + c, from[c][i]);
            }
        }
    }

    private static void scatterFour(
            FloatRawIndexer to,
            int stride,
            int[] rows,
            int count,
            int column,
            float[] a,
            float[] b,
            float[] c,
            float[] d) {
        for (int i = 0; i < count; i++) {
            long start = (long) rows[i] * stride + column;
            to.putRaw(start, a[i]);
            to.putRaw(start + 1, b[i]);
            to.putRaw(start + 2, c[i]);
            to.putRaw(start + 3, d[i]);
        }
    }

    /** The first {@code count} columns of one row. */
    static void read(FloatRawIndexer from, long start, int count, float[] to, int at) {
        int c = 0;
        for (; c + 4 <= count; c += 4) {
            to[at + c] = from.getRaw(start + c);
            to[at + c + 1] = from.getRaw(start + c + 1);
            to[at + c + 2] = from.getRaw(start + c + 2);
            to[at + c + 3] = from.getRaw(start + c + 3);
        }
        for (; c < count; c++) {
            to[at + c] = from.getRaw(start + c);
        }
    }

    /** The inverse. */
    static void write(FloatRawIndexer to, long start, int count, float[] from, int at) {
        int c = 0;
        for (; c + 4 <= count; c += 4) {
            to.putRaw(start + c, from[at + c]);
            to.putRaw(start + c + 1, from[at + c + 1]);
            to.putRaw(start + c + 2, from[at + c + 2]);
            to.putRaw(start + c + 3, from[at + c + 3]);
        }
        for (; c < count; c++) {
            to.putRaw(start + c, from[at + c]);
        }
    }
}
