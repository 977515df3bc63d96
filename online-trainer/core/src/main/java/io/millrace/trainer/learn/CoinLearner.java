package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.Link;
import io.millrace.trainer.score.NormalizedScorer;

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
 * <p><b>Numbers.</b> A row is [w, s, b, θ, G, L, v], floats. The prediction, its slope and sums are double; what is done for each
 * coordinate is float. Where G has grown so large
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
    private static final float MOST_WON = 0x1p60f;

    private final Loss loss;
    private final double wealth;
    private final ParameterTable table;
    private final StreamScale stream;
    private final DistinctTerms terms = new DistinctTerms();
    private float[] updated = new float[64 * WIDTH];
    private float[] relative = new float[64];
    private float[] stakes = new float[64];
    private double sum;

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
        stream.observeSize(instance, gather((float) stream.slope()));
        double endowment = endowment();
        double along = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), endowment * sum);
        double most = Math.abs(along) / instance.importance();
        for (int i = 0; i < terms.size(); i++) {
            bet(i, (float) along * relative[i], (float) most * Math.abs(relative[i]), (float) endowment);
        }
        finish(instance);
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        double margin = margin(instance);
        begin(instance, margin);
        gather(0);
        double endowment = endowment();
        double reach = endowment * sum;
        double change = MarginFlow.slope(loss, margin, instance.label(), instance.importance(), reach)
                - MarginFlow.slope(loss, margin, instance.replacedLabel(), instance.replacedImportance(), reach);
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            float theta = updated[at + THETA] - (float) change * relative[i];
            updated[at + THETA] = within(updated[at + TOTAL], theta);
            setWeight(at, (float) endowment);
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

    private void begin(Instance instance, double margin) {
        if (!Double.isFinite(margin) || !Double.isFinite(instance.label())) {
            throw new DivergedException(instance.offset(), "gradient", margin - instance.label());
        }
        terms.fill(instance.vector());
        if (updated.length < terms.size() * WIDTH) {
            updated = new float[terms.size() * WIDTH * 2];
            relative = new float[terms.size() * 2];
            stakes = new float[terms.size() * 2];
        }
        stream.begin();
    }

    private double endowment() {
        return wealth * stream.slope() * stream.margin() / Math.sqrt(stream.size());
    }

    /**
     * Notes each row, by the scale that its value makes necessary, its value relative to that, what it stakes, and the sum of
     * stakes, each times its squared value.
     *
     * @param slopes the least bound of slopes
     * @return the sum of squares of relative values
     */
    private double gather(float slopes) {
        table.gather(terms.indices(), terms.size(), updated);
        double size = 0;
        sum = 0;
        for (int i = 0; i < terms.size(); i++) {
            int at = i * WIDTH;
            float x = terms.value(i);
            float scale = updated[at + SCALE];
            if (Math.abs(x) > scale) {
                scale = Math.abs(x);
            }
            updated[at + SCALE] = scale;
            updated[at + LARGEST] = Math.max(slopes, updated[at + LARGEST]);
            float q = scale > 0 ? x / scale : 0;
            relative[i] = q;
            stakes[i] = stake(at);
            size += q * q;
            sum += stakes[i] * (q * q);
        }
        return size;
    }

    /**
     * Settles one bet.
     *
     * @param gradient summed up over importance
     * @param once its mean size
     */
    private void bet(int term, float gradient, float once, float endowment) {
        int at = term * WIDTH;
        float theta = updated[at + THETA];
        if (once > updated[at + LARGEST]) {
            updated[at + LARGEST] = once;
            stakes[term] = stake(at);
        }
        float won = updated[at + WON] - within(updated[at + LARGEST], gradient) * theta * stakes[term];
        updated[at + WON] = won > 0 ? (won < MOST_WON ? won : MOST_WON) : 0;
        updated[at + THETA] = theta - gradient;
        updated[at + TOTAL] = updated[at + TOTAL] + Math.abs(gradient);
        setWeight(at, endowment);
    }

    private static float within(float most, float value) {
        return Math.abs(value) > most ? Math.copySign(most, value) : value;
    }

    private void setWeight(int at, float endowment) {
        float scale = updated[at + SCALE];
        updated[at] = scale > 0 ? (updated[at + BASE] + endowment * stake(at) * updated[at + THETA]) / scale : 0;
    }

    /** What is staked for each unit of θ and of the endowment; 0 where nothing is known of slopes. */
    private float stake(int at) {
        float largest = updated[at + LARGEST];
        return largest > 0 ? (1 + updated[at + WON]) / (largest * (largest + updated[at + TOTAL])) : 0;
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
        stream.commit();
    }
}
