package io.millrace.trainer.learn;

/**
 * What {@link FtrlStep} does, to the same bits, for all coordinates of an example: plain loops over columns, without branches,
 * which a compiler can do for many coordinates at a time. Immutable.
 */
final class FtrlSteps {
    private static final int W = 0;
    private static final int Z = 1;
    private static final int N = 2;
    private static final int ROOT = 3;
    private static final int MAGNITUDE = 0x7fff_ffff;
    private static final int SMALLEST_EXPONENT = 0x0080_0000;

    private final float rate;
    private final float curvature;
    private final float l1;

    FtrlSteps(FtrlSettings settings) {
        this.rate = (float) (1 / settings.alpha());
        this.curvature = (float) (settings.beta() / settings.alpha() + settings.l2());
        this.l1 = (float) settings.l1();
    }

    /**
     * One step by the gradient {@code slope * values}.
     *
     * @param columns w, z, n, √n of each coordinate
     */
    void learn(float slope, float[] values, float[][] columns, int count) {
        accumulate(slope, values, columns[W], columns[Z], columns[N], columns[ROOT], count, rate);
        weigh(columns, count);
    }

    /**
     * Adds to n what an example of some importance does, for {@link #learnWeighted} to go on with.
     *
     * @param slope of importance 1
     * @param grown receives the roots of what n becomes
     * @return by how much a slope of 1 would move the margin
     */
    double prepare(float slope, float importance, float[] values, float[][] columns, float[] grown, int count) {
        float[] n = columns[N];
        for (int i = 0; i < count; i++) {
            float gradient = slope * values[i];
            n[i] += importance * (gradient * gradient);
            grown[i] = (float) Math.sqrt(n[i]);
        }
        return reach(values, grown, count);
    }

    /** Learns from a slope summed up over importance, after {@link #prepare}. */
    void learnWeighted(float slope, float[] values, float[][] columns, float[] grown, int count) {
        float[] w = columns[W];
        float[] z = columns[Z];
        float[] root = columns[ROOT];
        for (int i = 0; i < count; i++) {
            z[i] = z[i] + slope * values[i] - (grown[i] - root[i]) * rate * w[i];
            root[i] = grown[i];
        }
        weigh(columns, count);
    }

    /** By how much a slope of 1 would move the margin, at the rates as they are. */
    double reach(float[] values, float[][] columns, int count) {
        return reach(values, columns[ROOT], count);
    }

    private double reach(float[] values, float[] root, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            float pull = root[i] * rate + curvature;
            sum += pull > 0 ? (double) values[i] * values[i] * (1.0 / pull) : 0;
        }
        return sum;
    }

    /** Adds {@code slope * values} to z. */
    void correct(float slope, float[] values, float[][] columns, int count) {
        float[] z = columns[Z];
        for (int i = 0; i < count; i++) {
            z[i] += slope * values[i];
        }
        weigh(columns, count);
    }

    private static void accumulate(
            float slope, float[] values, float[] w, float[] z, float[] n, float[] root, int count, float rate) {
        for (int i = 0; i < count; i++) {
            float gradient = slope * values[i];
            float sum = n[i] + gradient * gradient;
            float grown = (float) Math.sqrt(sum);
            z[i] = z[i] + gradient - (grown - root[i]) * rate * w[i];
            n[i] = sum;
            root[i] = grown;
        }
    }

    private void weigh(float[][] columns, int count) {
        if (l1 == 0) {
            weigh(columns[W], columns[Z], columns[ROOT], count, rate, curvature);
        } else {
            weigh(columns[W], columns[Z], columns[ROOT], count, rate, curvature, l1);
        }
        if (curvature == 0) {
            vanish(columns[W], columns[ROOT], count);
        }
    }

    private static void weigh(float[] w, float[] z, float[] root, int count, float rate, float curvature) {
        for (int i = 0; i < count; i++) {
            w[i] = (0 - z[i]) / (root[i] * rate + curvature);
        }
    }

    /** What of z is within ± l1 cancels. */
    private static void weigh(float[] w, float[] z, float[] root, int count, float rate, float curvature, float l1) {
        for (int i = 0; i < count; i++) {
            w[i] = (Math.max(-l1, Math.min(l1, z[i])) - z[i]) / (root[i] * rate + curvature);
        }
    }

    /** A coordinate that nothing pulls anywhere yet. */
    private void vanish(float[] w, float[] root, int count) {
        for (int i = 0; i < count; i++) {
            if (root[i] * rate == 0) {
                w[i] = 0;
            }
        }
    }

    /** Whether all numbers are finite; if n is not, z is not. */
    static boolean isFinite(float[][] columns, int count) {
        float[] w = columns[W];
        float[] z = columns[Z];
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (Float.floatToRawIntBits(w[i]) & MAGNITUDE) + SMALLEST_EXPONENT;
            bits |= (Float.floatToRawIntBits(z[i]) & MAGNITUDE) + SMALLEST_EXPONENT;
        }
        return bits >= 0;
    }
}
