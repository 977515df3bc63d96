package io.millrace.trainer.learn;

import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/** One coordinate's step of FTRL-Proximal; {@link FtrlLearner} has the formula. The floats z, n and √n lie side by side. */
final class FtrlStep {
    private final float rate;
    private final float curvature0;
    private final float l1;
    private final int w;
    private final int z;

    /**
     * @param w the weight's column
     * @param z the column of z
     */
    FtrlStep(FtrlSettings settings, int w, int z) {
        this.rate = (float) (1 / settings.alpha());
        this.curvature0 = (float) (settings.beta() / settings.alpha() + settings.l2());
        this.l1 = (float) settings.l1();
        this.w = w;
        this.z = z;
    }

    /**
     * Learns from a gradient.
     *
     * @param row where the row begins
     * @param out receives the row's new floats, from {@code at} on
     * @return 0, or NaN where one of them is not finite
     */
    float learn(FloatRawIndexer floats, long row, float gradient, float[] out, int at) {
        float n = floats.getRaw(row + z + 1) + gradient * gradient;
        float root = (float) Math.sqrt(n);
        float step = (root - floats.getRaw(row + z + 2)) * rate;
        return put(floats.getRaw(row + z) + gradient - step * floats.getRaw(row + w), n, root, out, at);
    }

    /** The same for a gradient that corrects one from before: step sizes stay as they are. */
    float correct(FloatRawIndexer floats, long row, float gradient, float[] out, int at) {
        return put(floats.getRaw(row + z) + gradient, floats.getRaw(row + z + 1), floats.getRaw(row + z + 2), out, at);
    }

    /**
     * Finds state that gives a weight: of floats of z near {@code -(w / rate + sgn(w) l1)}, and of some larger n where floats
     * of z lie less densely than those of w, the first that gives it to the last bit, or the nearest.
     *
     * @param evidence what n is to be; it becomes up to four times that
     * @return 0, or NaN where there is no such state
     */
    float recall(float weight, double evidence, float[] out, int at) {
        float nearest = Float.POSITIVE_INFINITY;
        float bestZ = Float.NaN;
        float bestN = 0;
        for (int sixteenth = 0; sixteenth <= 48 && nearest > 0; sixteenth++) {
            float n = (float) (evidence * (1 + sixteenth / 16.0));
            float root = (float) Math.sqrt(n);
            double exact = -((double) weight * curvature(root) + Math.signum(weight) * l1);
            float candidate = Math.nextDown(Math.nextDown((float) exact));
            for (int i = 0; i < 5 && nearest > 0; i++, candidate = Math.nextUp(candidate)) {
                float away = Math.abs(weight(candidate, root) - weight);
                if (away < nearest) {
                    nearest = away;
                    bestZ = candidate;
                    bestN = n;
                }
            }
        }
        return put(bestZ, bestN, (float) Math.sqrt(bestN), out, at);
    }

    /**
     * Rewrites the state of a row that was learned by other settings, so that the next step begins at the weight that it has: z
     * becomes what gives that weight by these settings, or a float beside it. What l1 held back of a weight of 0 stays, up to
     * the new l1.
     *
     * @param at where the row begins
     */
    void rebase(float[] rows, int at) {
        float weight = rows[at + w];
        float before = rows[at + z];
        float curvature = curvature(rows[at + z + 2]);
        rows[at + z] = weight == 0
                ? Math.max(-l1, Math.min(l1, before))
                : (float) -((double) weight * curvature + Math.signum(weight) * l1);
    }

    private float put(float newZ, float n, float root, float[] out, int at) {
        float weight = weight(newZ, root);
        out[at + w] = weight;
        out[at + z] = newZ;
        out[at + z + 1] = n;
        out[at + z + 2] = root;
        return 0 * weight + 0 * newZ + 0 * n;
    }

    private float curvature(float root) {
        return root * rate + curvature0;
    }

    private float weight(float newZ, float root) {
        float curvature = curvature(root);
        if (Math.abs(newZ) <= l1 || curvature == 0) {
            return 0;
        }
        return (Math.copySign(l1, newZ) - newZ) / curvature;
    }
}
