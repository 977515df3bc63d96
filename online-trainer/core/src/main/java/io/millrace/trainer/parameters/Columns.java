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

    /** Not below 0 to a compiler's knowledge, either: then an access has one bound to check. */
    private static long start(int row, int stride) {
        return (long) (row & Integer.MAX_VALUE) * (stride & 0xffff);
    }

    /** One column. */
    static void gather(FloatRawIndexer from, int stride, int[] rows, int count, int column, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = from.getRaw(start(rows[i], stride) + column);
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
            long start = start(rows[i], stride) + column;
            a[i] = from.getRaw(start);
            b[i] = from.getRaw(start + 1);
            c[i] = from.getRaw(start + 2);
            d[i] = from.getRaw(start + 3);
        }
    }

    /** Two columns. */
    static void gather(
            FloatRawIndexer from, int stride, int[] rows, int count, int c, float[] ofC, int d, float[] ofD) {
        for (int i = 0; i < count; i++) {
            long start = start(rows[i], stride);
            ofC[i] = from.getRaw(start + c);
            ofD[i] = from.getRaw(start + d);
        }
    }

    /**
     * Seven columns from {@code first} on, and their sums, while the floats are at hand: {@code sums[k]} = Σ factor of the row ·
     * float, in the order of the rows.
     */
    static void gatherSeven(
            FloatRawIndexer from,
            int stride,
            int[] rows,
            int count,
            int first,
            float[][] to,
            float[] factors,
            double[] sums) {
        float[] a = to[first];
        float[] b = to[first + 1];
        float[] c = to[first + 2];
        float[] d = to[first + 3];
        float[] e = to[first + 4];
        float[] f = to[first + 5];
        float[] g = to[first + 6];
        double sumA = 0;
        double sumB = 0;
        double sumC = 0;
        double sumD = 0;
        double sumE = 0;
        double sumF = 0;
        double sumG = 0;
        for (int i = 0; i < count; i++) {
            long start = start(rows[i], stride) + first;
            double factor = factors[i];
            float aa = from.getRaw(start);
            a[i] = aa;
            sumA += factor * aa;
            float bb = from.getRaw(start + 1);
            b[i] = bb;
            sumB += factor * bb;
            float cc = from.getRaw(start + 2);
            c[i] = cc;
            sumC += factor * cc;
            float dd = from.getRaw(start + 3);
            d[i] = dd;
            sumD += factor * dd;
            float ee = from.getRaw(start + 4);
            e[i] = ee;
            sumE += factor * ee;
            float ff = from.getRaw(start + 5);
            f[i] = ff;
            sumF += factor * ff;
            float gg = from.getRaw(start + 6);
            g[i] = gg;
            sumG += factor * gg;
        }
        sums[0] = sumA;
        sums[1] = sumB;
        sums[2] = sumC;
        sums[3] = sumD;
        sums[4] = sumE;
        sums[5] = sumF;
        sums[6] = sumG;
    }

    /** Puts seven columns from {@code first} on, and seven from {@code second} on. */
    static void scatterSevens(
            FloatRawIndexer to, int stride, int[] rows, int count, int first, int second, float[][] from) {
        scatterSeven(to, stride, rows, count, first, from);
        scatterSeven(to, stride, rows, count, second, from);
    }

    private static void scatterSeven(FloatRawIndexer to, int stride, int[] rows, int count, int first, float[][] from) {
        float[] a = from[first];
        float[] b = from[first + 1];
        float[] c = from[first + 2];
        float[] d = from[first + 3];
        float[] e = from[first + 4];
        float[] f = from[first + 5];
        float[] g = from[first + 6];
        for (int i = 0; i < count; i++) {
            long start = start(rows[i], stride) + first;
            to.putRaw(start, a[i]);
            to.putRaw(start + 1, b[i]);
            to.putRaw(start + 2, c[i]);
            to.putRaw(start + 3, d[i]);
            to.putRaw(start + 4, e[i]);
            to.putRaw(start + 5, f[i]);
            to.putRaw(start + 6, g[i]);
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
                to.putRaw(start(rows[i], stride) + c, from[c][i]);
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
            long start = start(rows[i], stride) + column;
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
