package io.millrace.trainer.score;

import java.util.Arrays;

/**
 * A tower of dense layers, evaluated: {@code h_1 = max(0, W_1 x + b_1)}, and so on; the result is {@code <out, h_L>}.
 *
 * <p><b>The same bits for every batch.</b> How a matrix product sums up depends on the shapes: the kernels of BLAS treat whole
 * tiles and what is left over differently. So rows are always multiplied in chunks of {@value #CHUNK}, the last one padded with
 * zeros, as the side of the product that fills whole vector registers: 16 floats are one register with AVX-512 and two of
 * one tile with AVX2. With chunks of 32 or 64, or with rows on the other side, equal rows at different places were seen to
 * differ. BLAS must run with one thread ({@code OMP_NUM_THREADS=1}): it would split a chunk.
 *
 * <p>Not thread-safe; {@link #close} frees the ND4J arrays.
 */
public final class Tower implements AutoCloseable {
    static final int CHUNK = 16;

    private final TowerShape shape;
    private final Matrix[] weights;
    private final Matrix[] seen;
    private final Matrix product;
    private final float[] products;
    private final float[] zeros;
    private final float[][] activations;
    private float[] floats;

    public Tower(TowerShape shape) {
        this.shape = shape;
        this.weights = new Matrix[shape.layers()];
        this.seen = new Matrix[shape.layers()];
        for (int layer = 0; layer < weights.length; layer++) {
            weights[layer] = new Matrix(shape.inputs(layer), shape.width());
            seen[layer] = new Matrix(shape.inputs(layer), CHUNK);
        }
        this.product = new Matrix(CHUNK, shape.width());
        this.products = new float[CHUNK * shape.width()];
        this.zeros = new float[CHUNK * Math.max(shape.inputs(), shape.width())];
        this.activations = new float[shape.layers()][0];
        this.floats = new float[shape.floats()];
    }

    /** Takes weights and biases over; the array is the tower's until the next one. */
    public void load(float[] all) {
        floats = all;
        for (int layer = 0; layer < weights.length; layer++) {
            weights[layer].put(all, shape.weights(layer), shape.inputs(layer) * shape.width());
        }
    }

    /**
     * Evaluates rows.
     *
     * @param inputs row after row
     * @param out receives one number for each row
     */
    public void evaluate(float[] inputs, int rows, double[] out) {
        int width = shape.width();
        for (int layer = 0; layer < activations.length; layer++) {
            if (activations[layer].length < rows * width) {
                activations[layer] = new float[rows * width];
            }
        }
        for (int row = 0; row < rows; row += CHUNK) {
            int count = Math.min(CHUNK, rows - row);
            float[] from = inputs;
            for (int layer = 0; layer < weights.length; layer++) {
                evaluate(layer, from, row, count);
                from = activations[layer];
            }
        }
        float[] last = activations[activations.length - 1];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int unit = 0; unit < width; unit++) {
                sum += (double) floats[shape.out() + unit] * last[row * width + unit];
            }
            out[row] = sum;
        }
    }

    private void evaluate(int layer, float[] from, int row, int count) {
        int inputs = shape.inputs(layer);
        int width = shape.width();
        float[] chunk = from;
        int start = row * inputs;
        if (count < CHUNK) {
            chunk = zeros;
            start = 0;
            System.arraycopy(from, row * inputs, chunk, 0, count * inputs);
        }
        seen[layer].put(chunk, start, CHUNK * inputs);
        if (count < CHUNK) {
            Arrays.fill(zeros, 0, count * inputs, 0);
        }
        Matrix.multiply(seen[layer], true, weights[layer], false, product);
        product.get(products, 0, products.length);
        float[] to = activations[layer];
        for (int unit = 0; unit < width; unit++) {
            float bias = floats[shape.biases(layer) + unit];
            for (int i = 0; i < count; i++) {
                to[(row + i) * width + unit] = Math.max(0, products[unit * CHUNK + i] + bias);
            }
        }
    }

    /** What a layer's units came to in the last evaluation, row after row. */
    public float[] activations(int layer) {
        return activations[layer];
    }

    /** A layer's weights: a column for each unit. */
    public Matrix weights(int layer) {
        return weights[layer];
    }

    /** All weights and biases. */
    public float[] floats() {
        return floats;
    }

    @Override
    public void close() {
        for (int layer = 0; layer < weights.length; layer++) {
            weights[layer].close();
            seen[layer].close();
        }
        product.close();
    }
}
