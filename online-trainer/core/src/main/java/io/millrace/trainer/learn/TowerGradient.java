package io.millrace.trainer.learn;

import io.millrace.trainer.score.Matrix;
import io.millrace.trainer.score.Tower;
import io.millrace.trainer.score.TowerShape;
import java.util.Arrays;

/**
 * Backpropagation through a tower, a whole mini-batch at once: two matrix products a layer. Not thread-safe; {@link #close}
 * frees the ND4J arrays.
 */
final class TowerGradient implements AutoCloseable {
    private final TowerShape shape;
    private final Tower tower;
    private final int batch;
    private final Matrix[] seen;
    private final Matrix[] byWeights;
    private final Matrix[] bySeen;
    private final Matrix delta;
    private final float[] deltas;
    private final float[] byUnits;
    private final float[] byInputs;
    private final float[] byFloats;

    /**
     * @param tower evaluates each mini-batch before its gradient is taken
     * @param batch examples of each
     */
    TowerGradient(TowerShape shape, Tower tower, int batch) {
        this.shape = shape;
        this.tower = tower;
        this.batch = batch;
        this.seen = new Matrix[shape.layers()];
        this.byWeights = new Matrix[shape.layers()];
        this.bySeen = new Matrix[shape.layers()];
        for (int layer = 0; layer < seen.length; layer++) {
            seen[layer] = new Matrix(shape.inputs(layer), batch);
            byWeights[layer] = new Matrix(shape.inputs(layer), shape.width());
            bySeen[layer] = new Matrix(shape.inputs(layer), batch);
        }
        this.delta = new Matrix(shape.width(), batch);
        this.deltas = new float[shape.width() * batch];
        this.byUnits = new float[shape.width() * batch];
        this.byInputs = new float[shape.inputs() * batch];
        this.byFloats = new float[shape.floats()];
    }

    /**
     * Takes the gradient of the sum over the batch.
     *
     * @param inputs what the tower saw last
     * @param slopes of each example's loss by its margin
     */
    void take(float[] inputs, double[] slopes) {
        fromOut(slopes);
        for (int layer = shape.layers() - 1; layer >= 0; layer--) {
            throughUnits(layer);
            delta.put(deltas, 0, deltas.length);
            seen[layer].put(layer == 0 ? inputs : tower.activations(layer - 1), 0, shape.inputs(layer) * batch);
            Matrix.multiply(seen[layer], false, delta, true, byWeights[layer]);
            byWeights[layer].get(byFloats, shape.weights(layer), shape.inputs(layer) * shape.width());
            Matrix.multiply(tower.weights(layer), false, delta, false, bySeen[layer]);
            bySeen[layer].get(layer == 0 ? byInputs : byUnits, 0, shape.inputs(layer) * batch);
        }
    }

    private void fromOut(double[] slopes) {
        int width = shape.width();
        float[] last = tower.activations(shape.layers() - 1);
        float[] floats = tower.floats();
        Arrays.fill(byFloats, shape.out(), shape.floats(), 0);
        for (int i = 0; i < batch; i++) {
            float slope = (float) slopes[i];
            for (int unit = 0; unit < width; unit++) {
                byFloats[shape.out() + unit] += slope * last[i * width + unit];
                byUnits[i * width + unit] = slope * floats[shape.out() + unit];
            }
        }
    }

    /** Nothing passes a unit that is at 0. */
    private void throughUnits(int layer) {
        int width = shape.width();
        float[] activations = tower.activations(layer);
        Arrays.fill(byFloats, shape.biases(layer), shape.biases(layer) + width, 0);
        for (int i = 0; i < batch; i++) {
            for (int unit = 0; unit < width; unit++) {
                float passed = activations[i * width + unit] > 0 ? byUnits[i * width + unit] : 0;
                deltas[i * width + unit] = passed;
                byFloats[shape.biases(layer) + unit] += passed;
            }
        }
    }

    /** The gradient by the tower's weights and biases. */
    float[] byFloats() {
        return byFloats;
    }

    /** The gradient by what the tower saw, example after example. */
    float[] byInputs() {
        return byInputs;
    }

    @Override
    public void close() {
        for (int layer = 0; layer < seen.length; layer++) {
            seen[layer].close();
            byWeights[layer].close();
            bySeen[layer].close();
        }
        delta.close();
    }
}
