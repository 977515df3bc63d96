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

    private float put(float newZ, float n, float root, float[] out, int at) {
        float weight = weight(newZ, root);
        out[at + w] = weight;
        out[at + z] = newZ;
        out[at + z + 1] = n;
        out[at + z + 2] = root;
        return 0 * weight + 0 * newZ + 0 * n;
    }

    private float weight(float newZ, float root) {
        float curvature = root * rate + curvature0;
        if (Math.abs(newZ) <= l1 || curvature == 0) {
            return 0;
        }
        return (Math.copySign(l1, newZ) - newZ) / curvature;
    }
}
