package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.Link;
import io.millrace.trainer.score.NormalizedScorer;

/**
 * Adaptive normalised gradient steps (Ross, Mineiro, Langford, "Normalized online learning", UAI 2013, algorithm NAG), each as
 * long as the example's importance (Karampatziakis and Langford, UAI 2011; see {@link MarginFlow}). Multiplying a feature by
 * a constant divides its weight by it and changes no prediction.
 *
 * <p>With the largest magnitude s_i of feature i so far, relative values q_i = x_i / s_i', slope s of the loss at the
 * margin m, importance c, and t and N the sums of c and of c Σ q_i² over the stream:
 *
 * <pre>
 *   s_i' = max(s_i, |x_i|)                     a larger value than any before: what was learned is kept in relative units,
 *   w_i  ← w_i s_i / s_i'                      as if all had been measured by the new one
 *   h_i' = h_i (s_i / s_i')² + c (s q_i)²
 *   r    = rate √(t / N) · unit                unit: 1, or the labels' root mean square for squared and absolute loss
 *   X    = r Σ q_i² / √h_i'                    by so much a slope of 1 moves the margin
 *   w_i' = w_i - r φ q_i / (s_i' √h_i')        φ: slope over the time c X, in place of c s
 * </pre>
 *
 * <p>The paper has no unit: it makes predictions of a value as free of the label's unit as they are of the features'. Where the
 * paper keeps squared gradients, h keeps them relative to s², so that squares of raw timestamps do not overflow a float.
 *
 * <p><b>Numbers.</b> A row is [w, s, h, √h], floats. The prediction, its slope and sums are double; what is done for each
 * coordinate is float. A feature that was always 0 has no row yet. Predictions are those of {@link NormalizedScorer}: a value
 * beyond s_i counts as s_i, which is the paper's order of things, first rescale, then predict.
 *
 * <p><b>Corrections</b> are of first order: the difference of both labels' φ, by today's margin and rates, moves the weights;
 * s and h are left alone. What is not taken back is the effect on examples in between and on step sizes.
 */
final class NormalizedLearner implements Learner {
    private static final int WIDTH = 4;
    private static final int SCALE = 1;
    private static final int SQUARES = 2;
    private static final int ROOT = 3;

    private final Loss loss;
    private final double rate;
    private final ParameterTable table;
    private final StreamScale stream;
    private final DistinctTerms terms = new DistinctTerms();
    private float[] updated = new float[64 * WIDTH];
    private float[] ratios = new float[64];
    private double sum;

    NormalizedLearner(Loss loss, Layout layout, NormalizedSettings settings) {
        this.loss = loss;
        this.rate = settings.rate();
        this.table = new ParameterTable(layout);
        this.stream = new StreamScale(loss, table, layout.dense());
    }

    private double margin(Instance instance) {
        return NormalizedScorer.margin(table, instance.vector());
    }

    @Override
    public double predict(Instance instance) {
        return Link.prediction(loss, margin(instance));
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        double margin = margin(instance);
        double prediction = Link.prediction(loss, margin);
        if (instance.importance() > 0) {
            learn(instance, margin, prediction);
        }
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    private void learn(Instance instance, double margin, double prediction) {
        double slope = Losses.slope(loss, prediction, instance.label());
        begin(instance, slope);
        stream.observe(instance, margin);
        stream.observeSize(instance, rescale((float) (instance.importance() * slope * slope)));
        double step = rate * stream.margin() / Math.sqrt(stream.size());
        double reach = step * sum;
        double along = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), reach);
        finish(instance, (float) (step * along));
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        double margin = margin(instance);
        begin(instance, margin);
        rescale(0);
        double step = rate * stream.margin() / Math.sqrt(stream.size());
        double reach = step * sum;
        double right = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), reach);
        double wrong = MarginFlow.slope(loss, margin, instance.replacedLabel(), instance.replacedImportance(), reach);
        finish(instance, (float) (step * (right - wrong)));
    }

    @Override
    public void warmStart(int row, Prior prior) {
        float squares = (float) prior.confidence();
        updated[0] = prior.weight();
        updated[SCALE] = (float) prior.scale();
        updated[SQUARES] = squares;
        updated[ROOT] = (float) Math.sqrt(squares);
        table.write(row, updated, 0);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void reload() {
        stream.reload();
    }

    @Override
    public ParameterTable table() {
        return table;
    }

    @Override
    public void close() {
        table.close();
    }

    private void begin(Instance instance, double slope) {
        if (!Double.isFinite(slope)) {
            throw new DivergedException(instance.offset(), "gradient", slope);
        }
        terms.fill(instance.vector());
        if (ratios.length < terms.size()) {
            ratios = new float[terms.size() * 2];
            updated = new float[terms.size() * WIDTH * 2];
        }
        stream.begin();
    }

    /**
     * Notes each row by the scale that its value makes necessary, q / √h for each, and the sum of q² / √h.
     *
     * @param slopeSquared what each coordinate learns of the slope, or 0
     * @return the sum of q²
     */
    private double rescale(float slopeSquared) {
        table.gather(terms.indices(), terms.size(), updated);
        double size = 0;
        sum = 0;
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            float x = terms.value(i);
            float w = updated[at];
            float scale = updated[at + SCALE];
            float squares = updated[at + SQUARES];
            if (Math.abs(x) > scale) {
                float kept = scale / Math.abs(x);
                w *= kept;
                squares *= kept * kept;
                scale = Math.abs(x);
            }
            float q = scale > 0 ? x / scale : 0;
            squares += slopeSquared * (q * q);
            float root = (float) Math.sqrt(squares);
            updated[at] = w;
            updated[at + SCALE] = scale;
            updated[at + SQUARES] = squares;
            updated[at + ROOT] = root;
            ratios[i] = root > 0 ? q / root : 0;
            size += q * q;
            sum += q * ratios[i];
        }
        return size;
    }

    private void finish(Instance instance, float step) {
        float overflow = stream.overflow();
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            float scale = updated[at + SCALE];
            float w = scale > 0 ? updated[at] - step * ratios[i] / scale : 0;
            updated[at] = w;
            overflow += 0 * w + 0 * scale + 0 * updated[at + SQUARES];
        }
        if (overflow != 0) {
            throw new DivergedException(instance.offset(), "updated parameters", overflow);
        }
        table.write(terms.indices(), terms.size(), updated);
        stream.commit();
    }
}
