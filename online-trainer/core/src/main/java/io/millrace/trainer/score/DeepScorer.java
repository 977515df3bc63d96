package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A factorisation machine and, beside it, a tower of dense layers over the same factors (Guo et al., "DeepFM: a
 * factorization-machine based neural network for CTR prediction", IJCAI 2017): the margin is the offset, the linear part, the
 * interactions and what the tower says. The tower sees of each feature the sum over its elements of factors times value,
 * which is 0 where the feature is missing; crosses have a weight only.
 *
 * <p>The table holds the tower's weights as differences from where they began, so that zeros are the model that has learned
 * nothing. The tower itself is a copy, made anew when the weights are others; those that may change in place are read again
 * for every call, unless whoever changes them loads the tower, too ({@link #margins}).
 *
 * <p>Not thread-safe; {@link #close} frees the ND4J arrays.
 */
public final class DeepScorer implements Scorer {
    private static final int AT_ONCE = 64;

    private final Loss loss;
    private final TowerShape shape;
    private final DenseSpan span;
    private final float[] initial;
    private final Tower tower;
    private final Factors factors;
    private final float[] embedding;
    private float[] inputs = new float[0];
    private double[] sums = new double[0];
    private double[] scales = new double[0];
    private double[] said = new double[0];
    private final double[] margins = new double[AT_ONCE];
    private final float[] floats;
    private @Nullable Weights loaded;

    public DeepScorer(Loss loss, TowerShape shape, DenseSpan span, long seed) {
        this.loss = loss;
        this.shape = shape;
        this.span = span;
        this.initial = shape.initial(seed);
        this.tower = new Tower(shape);
        this.factors = new Factors(Family.FIRST_FACTOR, shape.factors(), shape.fields());
        this.embedding = new float[shape.factors()];
        this.floats = new float[shape.floats()];
    }

    @Override
    public double score(Weights weights, SparseVector x) {
        load(weights);
        margins(weights, List.of(x), 0, 1, margins);
        return Link.prediction(loss, margins[0]);
    }

    @Override
    public void score(Weights weights, List<SparseVector> vectors, int count, float[] out) {
        load(weights);
        for (int from = 0; from < count; from += AT_ONCE) {
            int size = Math.min(AT_ONCE, count - from);
            margins(weights, vectors, from, size, margins);
            for (int i = 0; i < size; i++) {
                out[from + i] = (float) Link.prediction(loss, margins[i]);
            }
        }
    }

    private void load(Weights weights) {
        if (weights == loaded) {
            return;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = initial[i] + span.get(weights, i);
        }
        tower.load(floats);
        loaded = weights.isImmutable() ? weights : null;
    }

    /** Predictions before the link, by these weights and by the tower as it was loaded last. */
    public void margins(Weights weights, List<SparseVector> vectors, int from, int count, double[] out) {
        int width = shape.inputs();
        if (said.length < count) {
            inputs = new float[count * width];
            sums = new double[count * shape.factors()];
            scales = new double[count];
            said = new double[count];
        }
        Arrays.fill(inputs, 0, count * width, 0);
        for (int i = 0; i < count; i++) {
            SparseVector x = vectors.get(from + i);
            out[i] = LinearScorer.margin(weights, x) + factors.margin(weights, x);
            scales[i] = factors.scale();
            for (int f = 0; f < shape.factors(); f++) {
                sums[i * shape.factors() + f] = factors.sum(f);
            }
            embed(weights, x, i * width);
        }
        tower.evaluate(inputs, count, said);
        for (int i = 0; i < count; i++) {
            out[i] += said[i];
        }
    }

    private void embed(Weights weights, SparseVector x, int start) {
        for (int e = 0; e < x.size(); e++) {
            if (factors.takesPart(x.term(e))) {
                factors.read(weights, x.index(e), embedding);
                float value = x.value(e);
                int at = start + x.term(e) * embedding.length;
                for (int f = 0; f < embedding.length; f++) {
                    inputs[at + f] += embedding[f] * value;
                }
            }
        }
    }

    /** What the tower saw of the last vectors. */
    public float[] inputs() {
        return inputs;
    }

    /** Of the last vectors: the sums of factors times value, vector after vector. */
    public double[] sums() {
        return sums;
    }

    /** Of the last vectors: what their interactions were multiplied by. */
    public double[] scales() {
        return scales;
    }

    public TowerShape shape() {
        return shape;
    }

    public Tower tower() {
        return tower;
    }

    public Factors factors() {
        return factors;
    }

    @Override
    public double weight(Weights weights, int row) {
        return weights.weight(row, 0);
    }

    @Override
    public void close() {
        loaded = null;
        tower.close();
    }
}
