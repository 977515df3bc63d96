package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.LinearScorer;
import io.millrace.trainer.score.Link;
import io.millrace.wire.Problem;

/**
 * FTRL-Proximal with a learning rate for each coordinate (McMahan et al., "Ad click prediction: a view from the trenches",
 * KDD 2013, algorithm 1).
 *
 * <p>With slope s of the loss at the prediction p and value x_i of coordinate i:
 *
 * <pre>
 *   g_i   = s x_i                                  the loss's gradient: s = p - y, or its sign for absolute loss
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
 * <p><b>Importance.</b> With c times the gradient, weight 2 would be one step twice as long, which passes the label where two
 * steps slow down. An example of importance c other than 1 adds {@code c g_i²} to n_i, and to z_i the gradient times
 * {@code φ(c) / φ(1)}, where φ(c) is the slope along the way over importance c ({@link MarginFlow}) at the rates {@code 1 /
 * ((beta + √n_i') / alpha + l2)}.
 *
 * <p><b>Numbers.</b> A row is [w, z, n, √n], floats. The prediction and its slope are double; what is done for each coordinate
 * is float, each operation rounded, with factors 1 / alpha in place of divisions. (In double it takes twice the time, and what
 * is stored is rounded to floats in any case.) Since the step uses differences of stored roots, they telescope: no rounding
 * error of a root outlives its step. Where an n has grown so large that a float does not feel g² any more
 * (about 2^24 g²), the coordinate's learning rate stays where it is instead of falling on. All operations are exactly
 * specified by the Java language, {@code StrictMath.exp} among them: the same examples give the same bits on every JDK.
 *
 * <p><b>Corrections.</b> {@link FtrlCorrection} takes the wrong label's step back and makes the right label's in its place. With
 * nothing learned in between the weights are those of the right label, but for roundings. With examples in between, for
 * importance 1 and a loss other than the absolute, the change of the gradients' sum is exact, however long ago the example was
 * learned, since {@code s' - s = y - y'} at any margin; the step sizes, and the pull of the weight of then, are as if the example
 * had been the last; the effect of the wrong weight on the examples in between stays. Where no margin is found at which the step can
 * have been made, {@code (s' φ'(c') / φ'(1) - s φ(c) / φ(1)) x} at today's margin is added to z.
 *
 * <p><b>Warm start.</b> A weight alone would not outlive its first step, which computes it anew from z. z is found such that it
 * gives w: {@code -(w ((beta + √n) / alpha + l2) + sgn(w) l1)}, or a float beside it. Floats of z may lie less densely than
 * those of w; then n grows, to four times what was asked for at most, until one fits. With l1 the sum may have no room for
 * w's last bits: then it is the nearest weight.
 */
final class FtrlLearner implements Learner {
    private static final int WIDTH = 4;

    private final Loss loss;
    private final ParameterTable table;
    private final FtrlSteps steps;
    private final FtrlCorrection correction;
    private final FtrlStep recall;
    private final DistinctTerms terms = new DistinctTerms();
    private float[] weights = new float[64];

    /** Columns of the rows of an example: w, z, n, √n. */
    private float[][] rows = new float[WIDTH][64];

    private float[] grown = new float[64];

    FtrlLearner(Loss loss, Layout layout, FtrlSettings settings) {
        this.loss = loss;
        this.steps = new FtrlSteps(settings);
        this.correction = new FtrlCorrection(loss, settings);
        this.recall = new FtrlStep(settings, 0, 1);
        this.table = new ParameterTable(layout);
    }

    @Override
    public double predict(Instance instance) {
        SparseVector x = instance.vector();
        if (weights.length < x.size()) {
            weights = new float[x.size() * 2];
        }
        table.gather(x.indices(), x.size(), 0, weights);
        return Link.prediction(loss, LinearScorer.margin(weights, x));
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        double prediction = predict(instance);
        learn(instance, prediction);
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    void learn(Instance instance, double prediction) {
        if (instance.importance() != 1) {
            learnWeighted(instance, prediction);
            return;
        }
        float slope = (float) Losses.slope(loss, prediction, instance.label());
        begin(instance, slope);
        steps.learn(slope, terms.values(), rows, terms.size());
        finish(instance);
    }

    private void learnWeighted(Instance instance, double prediction) {
        float slope = (float) Losses.slope(loss, prediction, instance.label());
        float importance = (float) instance.importance();
        begin(instance, importance * slope);
        double reach = steps.prepare(slope, importance, terms.values(), rows, grown, terms.size());
        float along = (float) along(instance, instance.label(), instance.importance(), reach);
        steps.learnWeighted(along, terms.values(), rows, grown, terms.size());
        finish(instance);
    }

    /** What stands for importance times slope. */
    private double along(Instance instance, double label, double importance, double reach) {
        double margin = LinearScorer.margin(weights, instance.vector());
        double slope = Losses.slope(loss, Link.prediction(loss, margin), label);
        if (importance == 1) {
            return slope;
        }
        double once = MarginFlow.slope(loss, margin, label, 1, reach);
        double often = MarginFlow.slope(loss, margin, label, importance, reach);
        return slope * (once == 0 ? Math.min(1, importance) : often / once);
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        double prediction = predict(instance);
        begin(instance, (float) prediction);
        double margin = LinearScorer.margin(weights, instance.vector());
        if (correction.correct(instance, margin, terms.values(), rows, terms.size())) {
            finish(instance);
            return;
        }
        double reach = steps.reach(terms.values(), rows, terms.size());
        float slope = (float) (along(instance, instance.label(), instance.importance(), reach)
                - along(instance, instance.replacedLabel(), instance.replacedImportance(), reach));
        requireFinite(instance, slope);
        steps.correct(slope, terms.values(), rows, terms.size());
        finish(instance);
    }

    @Override
    public void warmStart(int row, Prior prior) {
        double evidence = prior.confidence() * prior.scale() * prior.scale();
        float[] updated = new float[WIDTH];
        if (recall.recall(prior.weight(), evidence, updated, 0) != 0) {
            throw new IllegalArgumentException(
                    new Problem("prior", prior.toString(), "one whose state is finite").toString());
        }
        table.write(row, updated, 0);
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
        requireFinite(instance, slope);
        terms.fill(instance.vector());
        if (rows[0].length < terms.size()) {
            rows = new float[WIDTH][terms.size() * 2];
            grown = new float[terms.size() * 2];
        }
        table.gather(terms.indices(), terms.size(), rows);
    }

    private static void requireFinite(Instance instance, float slope) {
        if (!Float.isFinite(slope)) {
            throw new DivergedException(instance.offset(), "gradient", slope);
        }
    }

    private void finish(Instance instance) {
        if (!FtrlSteps.isFinite(rows, terms.size())) {
            throw new DivergedException(instance.offset(), "updated parameters", Float.NaN);
        }
        table.write(terms.indices(), terms.size(), rows);
    }
}
