package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.Link;
import io.millrace.trainer.score.NormalizedScorer;
import org.bytedeco.javacpp.indexer.FloatIndexer;

/**
 * Coin betting: no step size. Each weight is a gambler who stakes a part of its wealth on the sign of the next gradient (Orabona
 * and Pál, "Coin betting and parameter-free online learning", NeurIPS 2016); the part for each coordinate, and the gradient's
 * bound found on the way, as in Orabona and Tommasi, "Training deep networks without learning rates through coin betting",
 * NIPS 2017 (COCOB). Instead of the gradient at the prediction, the mean of the slope along the way is bet on, as in Chen,
 * Langford, Orabona, "Better parameter-free stochastic optimization with ODE updates for coin-betting", AAAI 2022: that is what
 * importance means, too (see {@link MarginFlow}).
 *
 * <p>As for {@link NormalizedLearner}, values count relative to the largest magnitude of their feature so far, q_i = x_i / s_i.
 * With θ_i the sum of negative gradients by q_i, G_i of their magnitudes, L_i the largest, v_i what was won, per unit of the
 * endowment E, and the units that {@link StreamScale} knows:
 *
 * <pre>
 *   L_i  ← max(L_i, unit of slopes)
 *   E    = wealth · unit of slopes · unit of margins / √(Σ q_i² of an example, on average)
 *   X    = Σ E (1 + v_i) q_i² / (L_i (L_i + G_i))       by about so much a slope of 1 moves the margin
 *   g_i  = φ q_i                                        φ: slope over the time c X, in place of c s
 *   L_i' = max(L_i, |g_i| / c)
 *   v_i' = max(0, (1 + v_i) (1 - g_i' θ_i / (L_i' (L_i' + G_i))) - 1)    g_i' = g_i within ± L_i'
 *   θ_i' = θ_i - g_i,   G_i' = G_i + |g_i|
 *   w_i' = (b_i + E (1 + v_i') θ_i' / (L_i' (L_i' + G_i'))) / s_i    b_i: where it started, 0 unless told
 * </pre>
 *
 * <p>Since |θ_i| ≤ G_i and |g_i'| ≤ L_i', no bet is above the wealth. Unlike a gambler's, wealth does not fall below the
 * endowment (as in COCOB): after a drift a weight can move at once.
 *
 * <p><b>What was tried</b>, progressive log-loss on the first 400,000 flights with crosses, and elec2 in 16 bins: Vowpal
 * Wabbit's {@code --coin} 0.4399, 0.3877; COCOB as published 0.4405, 0.3872; this without the way of the slope and with
 * wealth that may be lost 0.4376, 0.3830; with the way 0.4359, 0.3818; with wealth that may not 0.4338, 0.3761.
 *
 * <p><b>Numbers.</b> A row is [w, s, b, θ, G, L, v], floats; arithmetic is double, rounded when stored. Where G has grown so large
 * that a float does not feel |g| any more (about 2^24 |g|), bets stay where they are. Predictions are those of
 * {@link NormalizedScorer}: else a feature that was first seen with a small value would be heard too loudly later.
 *
 * <p><b>Corrections</b> are of first order: the difference of both labels' φ, by today's margin and bets, is added to θ, within
 * ± G; G, L and v are left alone.
 */
final class CoinLearner implements Learner {
    private static final int WIDTH = 7;
    private static final int SCALE = 1;
    private static final int BASE = 2;
    private static final int THETA = 3;
    private static final int TOTAL = 4;
    private static final int LARGEST = 5;
    private static final int WON = 6;
    private static final double MOST_WON = 0x1p60;

    private final Loss loss;
    private final double wealth;
    private final ParameterTable table;
    private final StreamScale stream;
    private final DistinctTerms terms = new DistinctTerms();
    private float[] updated = new float[64 * WIDTH];
    private double[] relative = new double[64];
    private double[] stakes = new double[64];

    CoinLearner(Loss loss, Layout layout, CoinSettings settings) {
        this.loss = loss;
        this.wealth = settings.wealth();
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
        if (instance.importance() > 0) {
            learn(instance, margin);
        }
        sink.predicted(instance.offset(), Link.prediction(loss, margin), instance.label(), instance.importance());
    }

    private void learn(Instance instance, double margin) {
        begin(instance, margin);
        stream.observe(instance, margin);
        stream.observeSize(instance, gather(stream.slope()));
        double endowment = endowment();
        double along = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), endowment * sum());
        for (int i = 0; i < terms.size(); i++) {
            bet(i, along * relative[i], instance.importance(), endowment);
        }
        finish(instance);
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        double margin = margin(instance);
        begin(instance, margin);
        gather(0);
        double endowment = endowment();
        double reach = endowment * sum();
        double change = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), reach)
                - MarginFlow.slope(loss, margin, instance.replacedLabel(), instance.replacedImportance(), reach);
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            double theta = updated[at + THETA] - change * relative[i];
            float total = updated[at + TOTAL];
            updated[at + THETA] = (float) Math.max(-total, Math.min(total, theta));
            setWeight(at, endowment);
        }
        finish(instance);
    }

    @Override
    public void warmStart(int row, Prior prior) {
        updated[0] = prior.weight();
        updated[SCALE] = (float) prior.scale();
        updated[BASE] = (float) (prior.weight() * prior.scale());
        updated[THETA] = 0;
        updated[TOTAL] = (float) prior.confidence();
        updated[LARGEST] = 0;
        updated[WON] = 0;
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

    private void begin(Instance instance, double margin) {
        if (!Double.isFinite(margin) || !Double.isFinite(instance.label())) {
            throw new DivergedException(instance.offset(), "gradient", margin - instance.label());
        }
        terms.fill(instance.vector());
        if (updated.length < terms.size() * WIDTH) {
            updated = new float[terms.size() * WIDTH * 2];
            relative = new double[terms.size() * 2];
            stakes = new double[terms.size() * 2];
        }
        stream.read();
    }

    private double endowment() {
        return wealth * stream.slope() * stream.margin() / Math.sqrt(stream.size());
    }

    /**
     * Notes each row, by the scale that its value makes necessary, and its value relative to that.
     *
     * @param slopes the least bound of slopes
     * @return the sum of squares of relative values
     */
    private double gather(double slopes) {
        FloatIndexer floats = table.floats();
        double size = 0;
        for (int i = 0; i < terms.size(); i++) {
            long row = (long) terms.index(i) * table.columns();
            int at = i * WIDTH;
            float before = floats.get(row + SCALE);
            float scale = Math.max(before, Math.abs(terms.value(i)));
            updated[at] = floats.get(row);
            updated[at + SCALE] = scale;
            updated[at + BASE] = floats.get(row + BASE);
            updated[at + THETA] = floats.get(row + THETA);
            updated[at + TOTAL] = floats.get(row + TOTAL);
            updated[at + LARGEST] = (float) Math.max(floats.get(row + LARGEST), slopes);
            updated[at + WON] = floats.get(row + WON);
            double q = scale > 0 ? (double) terms.value(i) / scale : 0;
            relative[i] = q;
            size += q * q;
            stakes[i] = stake(at);
        }
        return size;
    }

    private double sum() {
        double sum = 0;
        for (int i = 0; i < terms.size(); i++) {
            sum += stakes[i] * relative[i] * relative[i];
        }
        return sum;
    }

    private void bet(int term, double gradient, double importance, double endowment) {
        int at = term * WIDTH;
        double once = Math.abs(gradient) / importance;
        if (once > updated[at + LARGEST]) {
            updated[at + LARGEST] = (float) once;
            stakes[term] = stake(at);
        }
        double largest = updated[at + LARGEST];
        double coin = Math.max(-largest, Math.min(largest, gradient));
        double after = updated[at + WON] - coin * updated[at + THETA] * stakes[term];
        updated[at + WON] = (float) Math.max(0, Math.min(MOST_WON, after));
        updated[at + THETA] = (float) (updated[at + THETA] - gradient);
        updated[at + TOTAL] = (float) (updated[at + TOTAL] + Math.abs(gradient));
        setWeight(at, endowment);
    }

    private void setWeight(int at, double endowment) {
        float scale = updated[at + SCALE];
        updated[at] = scale > 0
                ? (float) ((updated[at + BASE] + endowment * stake(at) * updated[at + THETA]) / scale)
                : 0;
    }

    /** What is staked for each unit of θ and of the endowment; 0 where nothing is known of slopes. */
    private double stake(int at) {
        double largest = updated[at + LARGEST];
        return largest > 0 ? (1 + (double) updated[at + WON]) / (largest * (largest + updated[at + TOTAL])) : 0;
    }

    private void finish(Instance instance) {
        float overflow = stream.overflow();
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            overflow += 0 * updated[at] + 0 * updated[at + SCALE] + 0 * updated[at + TOTAL] + 0 * updated[at + LARGEST];
        }
        if (overflow != 0) {
            throw new DivergedException(instance.offset(), "updated parameters", overflow);
        }
        table.write(terms.indices(), terms.size(), updated);
        stream.write();
    }
}
