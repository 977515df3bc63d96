package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Drift;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.AutoMix;
import io.millrace.trainer.score.Layout;
import java.util.Arrays;
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
 * correction moves weights by the difference of the derivatives at today's prediction, and nothing else.
 *
 * <p>Not thread-safe.
 */
final class AutoLearner implements Learner {
    private static final int K = AutoMix.MEMBERS;
    private static final int WIDTH = 2 * (K + 1);
    private static final int SCALE = 0;
    private static final int W = 1;
    private static final int EPOCH = K + 1;
    private static final int V = K + 2;
    private static final float BACK = 0.3f;

    private final ParameterTable table;
    private final AutoMixer mixer;
    private final RepeatedRows repeated = new RepeatedRows();
    private final float[] variances = new float[K];
    private final float[] relaxations = new float[K];
    private final float[] keeps = new float[K];
    private final double[] margins = new double[K];
    private final double[] spreads = new double[K];
    private final float[] steps = new float[K];
    private final float[] shrinks = new float[K];
    private float[] rows = new float[64 * WIDTH];
    private float[] shares = new float[64];

    AutoLearner(PipelineSpec spec, Layout layout) {
        Loss loss = spec.model().loss();
        this.table = new ParameterTable(layout);
        this.mixer = new AutoMixer(loss, spec.model().drift() == Drift.REACT, layout.dense(), table);
        for (int k = 0; k < K; k++) {
            AutoMember member = AutoMember.ALL.get(k);
            variances[k] = member.variance();
            relaxations[k] = member.relaxation();
            keeps[k] = 1 - member.decay();
        }
    }

    @Override
    public double predict(Instance instance) {
        read(instance.vector());
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
        update(instance.vector());
        mixer.learn();
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        predict(instance);
        for (int k = 0; k < K; k++) {
            double divisor = 1 / (1 + mixer.mostCurvature(instance, k) * spreads[k]);
            steps[k] = (float) (mixer.correction(instance, k) * divisor);
            shrinks[k] = 0;
        }
        checkFinite(instance);
        SparseVector x = instance.vector();
        for (int i = 0; i < x.size(); i++) {
            if (x.value(i) != 0) {
                int at = i * WIDTH;
                if (repeated.any()) {
                    reread(x, i);
                }
                for (int k = 0; k < K; k++) {
                    rows[at + W + k] += rows[at + V + k] * shares[i] * steps[k];
                }
                table.write(x.index(i), rows, at);
            }
        }
    }

    /** Margins, spreads, and the rows as an update takes them up; what is read here is not written yet. */
    private void read(SparseVector x) {
        int n = x.size();
        if (shares.length < n) {
            shares = new float[n * 2];
            rows = new float[shares.length * WIDTH];
        }
        Arrays.fill(margins, 0);
        Arrays.fill(spreads, 0);
        repeated.find(x.indices(), n);
        table.gather(x.indices(), n, rows);
        for (int i = 0; i < n; i++) {
            if (x.value(i) != 0) {
                float q = takeUp(x.value(i), i);
                float q2 = q * q;
                int at = i * WIDTH;
                for (int k = 0; k < K; k++) {
                    margins[k] += (double) q * rows[at + W + k];
                    spreads[k] += q2 * rows[at + V + k];
                }
            }
        }
    }

    /** Brings a row up to the scale of its value and to the epoch; returns the value over its scale. */
    private float takeUp(float value, int element) {
        int at = element * WIDTH;
        float size = Math.abs(value);
        float epoch = mixer.epoch();
        if (rows[at + SCALE] == 0) {
            System.arraycopy(variances, 0, rows, at + V, K);
            rows[at + EPOCH] = epoch;
        } else if (rows[at + EPOCH] != epoch) {
            rows[at + EPOCH] = epoch;
            for (int k = 0; k < K; k++) {
                rows[at + V + k] += BACK * (variances[k] - rows[at + V + k]);
            }
        }
        if (size > rows[at + SCALE]) {
            rows[at + SCALE] = size;
        }
        shares[element] = value / rows[at + SCALE];
        return shares[element];
    }

    private void update(SparseVector x) {
        int n = x.size();
        for (int i = 0; i < n; i++) {
            if (x.value(i) == 0) {
                continue;
            }
            if (repeated.any()) {
                reread(x, i);
            }
            int at = i * WIDTH;
            float q = shares[i];
            float q2 = q * q;
            for (int k = 0; k < K; k++) {
                float v = rows[at + V + k];
                float a = v * q;
                rows[at + W + k] = (rows[at + W + k] + a * steps[k]) * keeps[k];
                rows[at + V + k] = v - a * a * shrinks[k] + relaxations[k] * (variances[k] - v) * q2;
            }
            if (repeated.any()) {
                table.write(x.index(i), rows, at);
            }
        }
        if (!repeated.any()) {
            table.write(x.indices(), n, rows);
        }
    }

    private void reread(SparseVector x, int element) {
        table.floats().get((long) x.index(element) * table.columns(), rows, element * WIDTH, WIDTH);
        takeUp(x.value(element), element);
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
