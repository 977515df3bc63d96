package io.millrace.trainer.learn;

import org.bytedeco.javacpp.indexer.FloatIndexer;

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
    float learn(FloatIndexer floats, long row, float gradient, float[] out, int at) {
        float n = floats.get(row + z + 1) + gradient * gradient;
        float root = (float) Math.sqrt(n);
        float step = (root - floats.get(row + z + 2)) * rate;
        return put(floats.get(row + z) + gradient - step * floats.get(row + w), n, root, out, at);
    }

    /** The same for a gradient that corrects one from before: step sizes stay as they are. */
    float correct(FloatIndexer floats, long row, float gradient, float[] out, int at) {
        return put(floats.get(row + z) + gradient, floats.get(row + z + 1), floats.get(row + z + 2), out, at);
    }

    /**
     * Notes what n and its root become by an example of some importance, for {@link #learnWeighted} to go on with.
     *
     * @param gradient of importance 1
     * @return by how much a slope of 1 would move the weight, for each unit of the value
     */
    double prepare(FloatIndexer floats, long row, float gradient, float importance, float[] out, int at) {
        float n = floats.get(row + z + 1) + importance * (gradient * gradient);
        out[at + z + 1] = n;
        out[at + z + 2] = (float) Math.sqrt(n);
        return rate(out[at + z + 2]);
    }

    /** Learns from a gradient summed up over importance, after {@link #prepare}. */
    float learnWeighted(FloatIndexer floats, long row, float gradient, float[] out, int at) {
        float root = out[at + z + 2];
        float step = (root - floats.get(row + z + 2)) * rate;
        return put(floats.get(row + z) + gradient - step * floats.get(row + w), out[at + z + 1], root, out, at);
    }

    /** The rate of a row as it is. */
    double rate(FloatIndexer floats, long row) {
        return rate(floats.get(row + z + 2));
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

    private double rate(float root) {
        float curvature = curvature(root);
        return curvature > 0 ? 1.0 / curvature : 0;
    }

    private float weight(float newZ, float root) {
        float curvature = curvature(root);
        if (Math.abs(newZ) <= l1 || curvature == 0) {
            return 0;
        }
        return (Math.copySign(l1, newZ) - newZ) / curvature;
    }
}
