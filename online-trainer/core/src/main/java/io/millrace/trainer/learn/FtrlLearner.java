package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.LinearScorer;
import io.millrace.trainer.score.Link;
import org.bytedeco.javacpp.indexer.FloatIndexer;

/**
 * FTRL-Proximal with a learning rate for each coordinate (McMahan et al., "Ad click prediction: a view from the trenches",
 * KDD 2013, algorithm 1).
 *
 * <p>With slope s of the loss at the prediction p, importance c and value x_i of coordinate i:
 *
 * <pre>
 *   g_i   = c s x_i                                the loss's gradient: s = p - y, or its sign for absolute loss
 *   n_i'  = n_i + g_i²
 *   z_i'  = z_i + g_i - (√n_i' - √n_i) / alpha · w_i
 *   w_i'  = 0                                      if |z_i'| &lt;= l1
 *         = (sgn(z_i') l1 - z_i') / ((beta + √n_i') / alpha + l2)    otherwise
 * </pre>
 *
 * <p>An index that occurs more than once in an example is one coordinate whose value is the sum: its gradient is that of the
 * function that is scored. (One step an occurrence would overshoot: k occurrences of a value would move the prediction √k
 * times too far.)
 *
 * <p><b>Numbers.</b> A row is [w, z, n, √n], floats. The prediction and its slope are double; what is done for each coordinate
 * is float, each operation rounded, with factors 1 / alpha in place of divisions. (In double it takes twice the time, and what
 * is stored is rounded to floats in any case.) Since the step uses differences of stored roots, they telescope: no rounding
 * error of a root outlives its step. Where an n has grown so large that a float does not feel g² any more
 * (about 2^24 g²), the coordinate's learning rate stays where it is instead of falling on. All operations are exactly
 * specified by the Java language, {@code StrictMath.exp} among them: the same examples give the same bits on every JDK.
 *
 * <p><b>Corrections.</b> Had the label been y' with importance c' instead of y with c, the gradient would have differed by
 * {@code (c' s' - c s) x}. That much is added to z, and n is left alone. Where c = c', p cancels, and the change
 * of the gradient's sum is exact whenever the example was learned, however long ago; else today's p stands for the one of
 * then. What is not taken back: the effect of the wrong weight on examples in between, and g² in n, the step
 * sizes. Right after its example, from weights of 0 and equal g², the result is the right label's; else z misses {@code
 * w (√n_right - √n_wrong) / alpha}.
 */
final class FtrlLearner implements Learner {
    private static final int WIDTH = 4;
    private static final int Z = 1;
    private static final int N = 2;
    private static final int ROOT = 3;

    private final Loss loss;
    private final ParameterTable table;
    private final float rate;
    private final float curvature0;
    private final float l1;
    private final DistinctTerms terms = new DistinctTerms();
    private float[] updated = new float[64 * WIDTH];

    FtrlLearner(Loss loss, Layout layout, FtrlSettings settings) {
        this.loss = loss;
        this.rate = (float) (1 / settings.alpha());
        this.curvature0 = (float) (settings.beta() / settings.alpha() + settings.l2());
        this.l1 = (float) settings.l1();
        this.table = new ParameterTable(layout.rows(), WIDTH, layout.served());
    }

    @Override
    public double predict(Instance instance) {
        return Link.prediction(loss, LinearScorer.margin(table, instance.vector()));
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        double prediction = predict(instance);
        learn(instance, prediction);
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    void learn(Instance instance, double prediction) {
        float slope = (float) (instance.importance() * Losses.slope(loss, prediction, instance.label()));
        begin(instance, slope);
        FloatIndexer floats = table.floats();
        int[] rows = terms.indices();
        float[] values = terms.values();
        float overflow = 0;
        for (int i = 0; i < terms.size(); i++) {
            long row = (long) rows[i] * WIDTH;
            float gradient = slope * values[i];
            float n = floats.get(row + N) + gradient * gradient;
            float root = (float) Math.sqrt(n);
            float step = (root - floats.get(row + ROOT)) * rate;
            float z = floats.get(row + Z) + gradient - step * floats.get(row);
            overflow += put(i, z, n, root);
        }
        finish(instance, overflow);
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        correct(instance, predict(instance));
    }

    void correct(Instance instance, double prediction) {
        double slope = instance.importance() * Losses.slope(loss, prediction, instance.label())
                - instance.replacedImportance() * Losses.slope(loss, prediction, instance.replacedLabel());
        begin(instance, (float) slope);
        float overflow = 0;
        for (int i = 0; i < terms.size(); i++) {
            int index = terms.index(i);
            float z = table.get(index, Z) + (float) slope * terms.value(i);
            overflow += put(i, z, table.get(index, N), table.get(index, ROOT));
        }
        finish(instance, overflow);
    }

    @Override
    public ParameterTable table() {
        return table;
    }

    @Override
    public void close() {
        table.close();
    }

    private void begin(Instance instance, float slope) {
        if (!Float.isFinite(slope)) {
            throw new DivergedException(instance.offset(), "gradient", slope);
        }
        terms.fill(instance.vector());
        if (updated.length < terms.size() * WIDTH) {
            updated = new float[terms.size() * WIDTH * 2];
        }
    }

    /** Notes a row to be written; returns 0, or NaN where one of its numbers is not finite. */
    private float put(int term, float z, float n, float root) {
        float w = weight(z, root);
        int at = term * WIDTH;
        updated[at] = w;
        updated[at + Z] = z;
        updated[at + N] = n;
        updated[at + ROOT] = root;
        return 0 * w + 0 * z + 0 * n;
    }

    private float weight(float z, float root) {
        float curvature = root * rate + curvature0;
        if (Math.abs(z) <= l1 || curvature == 0) {
            return 0;
        }
        return (Math.copySign(l1, z) - z) / curvature;
    }

    private void finish(Instance instance, float overflow) {
        if (overflow != 0) {
            throw new DivergedException(instance.offset(), "updated parameters", overflow);
        }
        table.write(terms.indices(), terms.size(), updated);
    }
}
