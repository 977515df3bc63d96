package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.AutoMix;

/**
 * The rows of one example, column by column, as {@link AutoLearner} steps through them: plain loops without branches, which a
 * compiler can do for many rows at a time. A row is [scale, w_1 .. w_7, epoch, v_1 .. v_7]. Elements of value 0 are left out:
 * nothing is learned from them. Not thread-safe.
 */
final class AutoRows {
    private static final int K = AutoMix.MEMBERS;
    private static final int WIDTH = 2 * (K + 1);
    private static final int SCALE = 0;
    private static final int W = 1;
    private static final int EPOCH = K + 1;
    private static final int V = K + 2;
    private static final float BACK = 0.3f;

    private final ParameterTable table;
    private final RepeatedRows repeated = new RepeatedRows();
    private final float[] variances = new float[K];
    private final float[] relaxations = new float[K];
    private final float[] keeps = new float[K];
    private final float[] one = new float[WIDTH];
    private float[][] columns = new float[WIDTH][64];
    private int[] indices = new int[64];
    private float[] values = new float[64];

    /** Values over the scales of their rows. */
    private float[] shares = new float[64];

    private float[] squares = new float[64];
    private int[] whichChanged = new int[64];
    private int changed;
    private int size;

    AutoRows(ParameterTable table) {
        this.table = table;
        for (int k = 0; k < K; k++) {
            AutoMember member = AutoMember.ALL.get(k);
            variances[k] = member.variance();
            relaxations[k] = member.relaxation();
            keeps[k] = 1 - member.decay();
        }
    }

    /** Reads the rows of an example, as an update takes them up; what is read here is not written yet. */
    void read(SparseVector x, float epoch, double[] margins, double[] spreads) {
        fill(x);
        repeated.find(indices, size);
        // So little work for each row that the processor waits for many of them at once.
        table.gather(indices, size, SCALE, columns[SCALE], EPOCH, columns[EPOCH]);
        findChanged(columns[SCALE], columns[EPOCH], epoch);
        share(columns[SCALE]);
        table.gatherSeven(indices, size, W, columns, shares, margins);
        table.gatherSeven(indices, size, V, columns, squares, spreads);
        for (int c = 0; c < changed; c++) {
            int i = whichChanged[c];
            for (int k = 0; k < K; k++) {
                spreads[k] -= (double) squares[i] * columns[V + k][i];
            }
            takeUp(i, epoch);
            for (int k = 0; k < K; k++) {
                spreads[k] += (double) squares[i] * columns[V + k][i];
            }
        }
    }

    /** Lists the rows that are new, of another epoch, or of a smaller scale than the value. */
    private void findChanged(float[] scales, float[] epochs, float epoch) {
        int found = 0;
        for (int i = 0; i < size; i++) {
            if (scales[i] < Math.abs(values[i]) || epochs[i] != epoch) {
                whichChanged[found++] = i;
            }
        }
        changed = found;
    }

    private void share(float[] scales) {
        float[] q = shares;
        float[] square = squares;
        float[] value = values;
        for (int i = 0; i < size; i++) {
            q[i] = value[i] / Math.max(scales[i], Math.abs(value[i]));
            square[i] = q[i] * q[i];
        }
    }

    private void fill(SparseVector x) {
        int n = x.size();
        if (indices.length < n) {
            indices = new int[n * 2];
            values = new float[n * 2];
            shares = new float[n * 2];
            squares = new float[n * 2];
            whichChanged = new int[n * 2];
            columns = new float[WIDTH][n * 2];
        }
        int[] from = x.indices();
        float[] value = x.values();
        System.arraycopy(from, 0, indices, 0, n);
        System.arraycopy(value, 0, values, 0, n);
        size = n;
        for (int i = 0; i < n; i++) {
            if (value[i] == 0) {
                leaveOutZeros(i);
                return;
            }
        }
    }

    private void leaveOutZeros(int first) {
        int kept = first;
        for (int i = first; i < size; i++) {
            indices[kept] = indices[i];
            values[kept] = values[i];
            kept += values[i] != 0 ? 1 : 0;
        }
        size = kept;
    }

    /** Brings a row up to the scale of its value and to the epoch. */
    private void takeUp(int i, float epoch) {
        float scale = columns[SCALE][i];
        if (scale == 0) {
            columns[EPOCH][i] = epoch;
            for (int k = 0; k < K; k++) {
                columns[V + k][i] = variances[k];
            }
        } else if (columns[EPOCH][i] != epoch) {
            columns[EPOCH][i] = epoch;
            for (int k = 0; k < K; k++) {
                columns[V + k][i] += BACK * (variances[k] - columns[V + k][i]);
            }
        }
        columns[SCALE][i] = Math.max(scale, Math.abs(values[i]));
        shares[i] = values[i] / columns[SCALE][i];
    }

    /** Learns, and writes what was read and what became of it. */
    void learn(float[] steps, float[] shrinks, float epoch) {
        if (repeated.any()) {
            for (int i = 0; i < size; i++) {
                reread(i, epoch);
                learn(i, i + 1, steps, shrinks);
                write(i);
            }
        } else {
            learn(0, size, steps, shrinks);
            table.writeSevens(indices, size, W, V, columns);
            for (int c = 0; c < changed; c++) {
                int i = whichChanged[c];
                table.put(indices[i], SCALE, columns[SCALE][i]);
                table.put(indices[i], EPOCH, columns[EPOCH][i]);
            }
        }
    }

    private void learn(int from, int to, float[] steps, float[] shrinks) {
        for (int k = 0; k < K; k++) {
            learn(from, to, columns[W + k], columns[V + k], k, steps[k], shrinks[k]);
        }
    }

    private void learn(int from, int to, float[] w, float[] v, int k, float step, float shrink) {
        float[] q = shares;
        float keep = keeps[k];
        float relaxation = relaxations[k];
        float variance = variances[k];
        for (int i = from; i < to; i++) {
            float a = v[i] * q[i];
            w[i] = (w[i] + a * step) * keep;
            v[i] = v[i] - a * a * shrink + relaxation * (variance - v[i]) * (q[i] * q[i]);
        }
    }

    /** Moves weights by their variances, and nothing else. */
    void correct(float[] steps, float epoch) {
        for (int i = 0; i < size; i++) {
            if (repeated.any()) {
                reread(i, epoch);
            }
            for (int k = 0; k < K; k++) {
                columns[W + k][i] += columns[V + k][i] * shares[i] * steps[k];
            }
            write(i);
        }
    }

    private void reread(int i, float epoch) {
        table.read(indices[i], 0, one);
        for (int c = 0; c < WIDTH; c++) {
            columns[c][i] = one[c];
        }
        takeUp(i, epoch);
    }

    private void write(int i) {
        for (int c = 0; c < WIDTH; c++) {
            one[c] = columns[c][i];
        }
        table.write(indices[i], one, 0);
    }
}
