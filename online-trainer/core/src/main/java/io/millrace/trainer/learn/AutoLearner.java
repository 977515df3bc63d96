package io.millrace.trainer.learn;

import io.millrace.features.spec.Drift;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.AutoMix;
import io.millrace.trainer.score.Layout;
import java.util.Map;

/**
 * Learns without tuning: seven linear members in one row a feature, which differ in how far and how long they step, each
 * learning from its own prediction; then {@link AutoMixer} mixes them.
 *
 * <p>A member is a diagonal extended Kalman filter (as in Graepel et al., "Web-scale Bayesian click-through rate prediction
 * for sponsored search advertising in Microsoft's Bing search engine", ICML 2010, with a Laplace approximation in place of
 * the probit's moments). A feature's value x enters as q = x / scale, where scale is the largest size that was seen of it, so
 * that units do not matter. With -g and s the derivative and the curvature of the loss at the member's margin, importance
 * included, and S = Σ v q² over the example's features:
 *
 * <pre>
 *   w' = (w + v q g / (1 + s S)) (1 - decay)
 *   v' = v - (v q)² s / (1 + s S) + relaxation (v_0 - v) q²
 * </pre>
 *
 * <p>The divisor bounds every step: however large an importance is, the margin does not pass its label. When the watch over
 * the loss of probabilities fires, variances go back by a share of 0.3 towards their beginning (each row when it is next
 * used), the stackers' and experts' trust begins anew, and weights stay.
 *
 * <p>A row that occurs twice in an example is updated twice, the second time with the variance that the first left. A
 * correction moves the members' weights by the difference of the derivatives at today's prediction, and what is learned about mixing
 * them likewise; variances stay as they are.
 *
 * <p>Not thread-safe.
 */
final class AutoLearner implements Learner {
    private static final int K = AutoMix.MEMBERS;

    private final ParameterTable table;
    private final AutoMixer mixer;
    private final AutoRows rows;
    private final double[] margins = new double[K];
    private final double[] spreads = new double[K];
    private final float[] steps = new float[K];
    private final float[] shrinks = new float[K];

    AutoLearner(PipelineSpec spec, Layout layout) {
        Loss loss = spec.model().loss();
        this.table = new ParameterTable(layout);
        this.mixer = new AutoMixer(loss, spec.model().drift() == Drift.REACT, layout.dense(), table);
        this.rows = new AutoRows(table);
    }

    @Override
    public double predict(Instance instance) {
        rows.read(instance.vector(), mixer.epoch(), margins, spreads);
        return mixer.predict(margins, instance.vector().offset());
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        double prediction = predict(instance);
        mixer.observe(instance);
        for (int k = 0; k < K; k++) {
            double curvature = mixer.curvature(k);
            double divisor = 1 / (1 + curvature * spreads[k]);
            steps[k] = (float) (mixer.descent(k) * divisor);
            shrinks[k] = (float) (curvature * divisor);
        }
        checkFinite(instance);
        rows.learn(steps, shrinks, mixer.epoch());
        mixer.learn();
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        predict(instance);
        mixer.forget();
        for (int k = 0; k < K; k++) {
            double divisor = 1 / (1 + mixer.mostCurvature(instance, k) * spreads[k]);
            steps[k] = (float) (mixer.correction(instance, k) * divisor);
            shrinks[k] = 0;
        }
        checkFinite(instance);
        if (!mixer.isFinite(instance)) {
            throw new DivergedException(instance.offset(), "gradient", instance.label());
        }
        rows.correct(steps, mixer.epoch());
        mixer.correct(instance);
    }

    private void checkFinite(Instance instance) {
        double sum = 0;
        for (int k = 0; k < K; k++) {
            sum += 0 * steps[k] + 0 * shrinks[k];
        }
        if (sum != 0 || !mixer.isFinite()) {
            mixer.forget();
            throw new DivergedException(instance.offset(), "gradient", sum == 0 ? instance.label() : sum);
        }
    }

    @Override
    public Map<String, Double> figures() {
        return mixer.figures();
    }

    @Override
    public void flush() {
        mixer.flush();
    }

    @Override
    public void reload() {
        mixer.reload();
    }

    @Override
    public ParameterTable table() {
        return table;
    }

    @Override
    public void close() {
        table.close();
    }
}
