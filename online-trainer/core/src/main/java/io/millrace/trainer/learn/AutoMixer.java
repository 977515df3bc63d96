package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.AutoMix;
import io.millrace.trainer.score.DenseSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns how to mix the members of {@code auto}.
 *
 * <p>Two {@link KalmanStacker}s, slow and fast, combine the members' margins. Members and stackers are experts whose weights
 * are their posterior under a small probability of 3e-4 that at any example another one becomes the best (Herbster and Warmuth,
 * "Tracking the best expert", Machine Learning 1998: fixed share, at learning rate 1, where log-loss is mixable). For values,
 * the stackers alone are experts, by their likelihood under a normal (squared loss) or Laplace distribution (absolute loss) of the
 * spread that the residuals have. The calibration moves the two nodes beside a probability by 0.005 of the difference from
 * the outcome. Both, the small probability and the 0.005, are for even odds, and shrink as an outcome's standard deviation
 * does: where clicks are rare, an example tells little, and a rate for each of them would forget more than they tell. An
 * importance above 1 is one for the stackers, which would else go as far once more as their members already
 * went, and at most 10 for the experts. Not thread-safe.
 */
final class AutoMixer {
    private static final double SHARE = 3e-4;
    private static final double CALIBRATION_RATE = 0.005;
    private static final double MOST_IMPORTANCE = 10;
    private static final double LEAST_LIKELIHOOD = 1e-9;
    private static final double LEAST_LOG_LIKELIHOOD = -30;

    private final Loss loss;
    private final boolean reacts;
    private final AutoMix mix;
    private final AutoCurvature curvature;
    private final List<KalmanStacker> stackers =
            List.of(new KalmanStacker(0, 0.01, 0.05, 1e-4), new KalmanStacker(AutoMix.INPUTS, 0.1, 0.3, 1e-2));
    private final LossWatch watch = new LossWatch();
    private final double[] epoch = new double[1];
    private final LabelScale labels;
    private final AutoState state;
    private final double[] logLikelihoods = new double[AutoMix.EXPERTS];
    private Instance instance = new Instance();

    AutoMixer(Loss loss, boolean reacts, DenseSpan span, ParameterTable table) {
        this.loss = loss;
        this.reacts = reacts && loss == Loss.LOGISTIC;
        this.mix = new AutoMix(loss);
        this.labels = new LabelScale(loss, mix);
        this.curvature = new AutoCurvature(loss, mix, labels);
        this.state = new AutoState(span, table);
        state.served(mix.numbers());
        stackers.forEach(stacker -> state.hidden(stacker.covariance()));
        state.hidden(watch.numbers());
        state.hidden(epoch);
        state.hidden(labels.numbers());
    }

    float epoch() {
        return (float) epoch[0];
    }

    double predict(double[] margins, double offset) {
        return mix.predict(margins, offset);
    }

    /** Takes up the label of the instance that was predicted last. */
    void observe(Instance predicted) {
        instance = predicted;
        labels.begin(predicted);
    }

    /** Takes the label back: nothing was learned from it. */
    void forget() {
        labels.rollBack();
    }

    /** Whether the label that was observed is one to learn from. */
    boolean isFinite() {
        return labels.isFinite();
    }

    /** How far and which way an expert's margin should go: less the loss's derivative, importance included. */
    double descent(int expert) {
        return instance.importance() * curvature.descent(instance, instance.label(), expert);
    }

    double curvature(int expert) {
        return instance.importance() * curvature.curvature(instance, instance.label(), expert);
    }

    /** What a correction adds to an expert's derivative. */
    double correction(Instance corrected, int expert) {
        return corrected.importance() * curvature.descent(corrected, corrected.label(), expert)
                - corrected.replacedImportance() * curvature.descent(corrected, corrected.replacedLabel(), expert);
    }

    /** Whether the stackers can take a correction up. */
    boolean isFinite(Instance corrected) {
        double sum = 0;
        for (int expert = AutoMix.MEMBERS; expert < AutoMix.EXPERTS; expert++) {
            sum += 0 * correction(corrected, expert);
        }
        return sum == 0;
    }

    double mostCurvature(Instance corrected, int expert) {
        return Math.max(corrected.importance(), corrected.replacedImportance())
                * Math.max(
                        curvature.curvature(corrected, corrected.label(), expert),
                        curvature.curvature(corrected, corrected.replacedLabel(), expert));
    }

    /** Learns from the label that was observed. */
    void learn() {
        double most = Math.min(1, instance.importance()) / Math.max(Double.MIN_NORMAL, instance.importance());
        for (int s = 0; s < stackers.size(); s++) {
            int expert = AutoMix.MEMBERS + s;
            stackers.get(s).learn(mix, most * descent(expert), most * curvature(expert), curvature.information(expert));
        }
        double sum = loss == Loss.LOGISTIC && instance.importance() == 1
                ? multiply()
                : multiply(loss == Loss.LOGISTIC || loss == Loss.POISSON ? 0 : AutoMix.MEMBERS);
        share(loss == Loss.LOGISTIC || loss == Loss.POISSON ? 0 : AutoMix.MEMBERS, sum);
        if (loss == Loss.LOGISTIC) {
            calibrate();
        }
        labels.commit();
        if (reacts && watch.add(logLoss())) {
            epoch[0]++;
            stackers.forEach(KalmanStacker::reset);
            for (int expert = 0; expert < AutoMix.EXPERTS; expert++) {
                mix.numbers()[AutoMix.WEIGHTS + expert] = 1.0 / AutoMix.EXPERTS;
            }
        }
    }

    /**
     * Takes up that an example that was learned before had another label, at what is predicted for it now: sums change by the
     * difference of what the two labels add. How sure the stackers are, and what the watch has seen, stays.
     */
    void correct(Instance corrected) {
        for (int s = 0; s < stackers.size(); s++) {
            int expert = AutoMix.MEMBERS + s;
            double descent =
                    Math.min(1, corrected.importance()) * curvature.descent(corrected, corrected.label(), expert)
                            - Math.min(1, corrected.replacedImportance())
                                    * curvature.descent(corrected, corrected.replacedLabel(), expert);
            double most = Math.max(
                    curvature.curvature(corrected, corrected.label(), expert),
                    curvature.curvature(corrected, corrected.replacedLabel(), expert));
            stackers.get(s).correct(mix, descent, most);
        }
        reweigh(corrected, loss == Loss.LOGISTIC || loss == Loss.POISSON ? 0 : AutoMix.MEMBERS);
        if (loss == Loss.LOGISTIC) {
            recalibrate(corrected);
        }
    }

    /** Weights times the likelihood of the right label, over that of the wrong one. */
    private void reweigh(Instance corrected, int first) {
        double most = Double.NEGATIVE_INFINITY;
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            logLikelihoods[expert] = Math.min(MOST_IMPORTANCE, corrected.importance())
                            * curvature.logLikelihood(corrected, corrected.label(), expert)
                    - Math.min(MOST_IMPORTANCE, corrected.replacedImportance())
                            * curvature.logLikelihood(corrected, corrected.replacedLabel(), expert);
            most = Math.max(most, logLikelihoods[expert]);
        }
        double[] numbers = mix.numbers();
        double sum = 0;
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            double relative = Math.max(LEAST_LOG_LIKELIHOOD, logLikelihoods[expert] - most);
            numbers[AutoMix.WEIGHTS + expert] *= StrictMath.exp(relative);
            sum += numbers[AutoMix.WEIGHTS + expert];
        }
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            numbers[AutoMix.WEIGHTS + expert] /= sum;
        }
    }

    private void recalibrate(Instance corrected) {
        int node = AutoMix.CALIBRATION + (int) mix.position();
        double above = mix.position() - (int) mix.position();
        double rate = CALIBRATION_RATE * curvature.spread(mix.probability());
        double right = Math.min(1, rate * corrected.importance());
        double wrong = Math.min(1, rate * corrected.replacedImportance());
        correct(node, (1 - above) * right, (1 - above) * wrong, corrected);
        correct(node + 1, above * right, above * wrong, corrected);
    }

    private void correct(int node, double right, double wrong, Instance corrected) {
        double[] numbers = mix.numbers();
        double before = numbers[node];
        double moved = before + right * (corrected.label() - before) - wrong * (corrected.replacedLabel() - before);
        numbers[node] = Math.max(0, Math.min(1, moved));
    }

    /** Weights times likelihoods; returns their sum. */
    private double multiply() {
        double[] numbers = mix.numbers();
        double sum = 0;
        for (int expert = 0; expert < AutoMix.EXPERTS; expert++) {
            numbers[AutoMix.WEIGHTS + expert] *= curvature.likelihood(instance.label(), expert);
            sum += numbers[AutoMix.WEIGHTS + expert];
        }
        return sum;
    }

    private double multiply(int first) {
        double[] numbers = mix.numbers();
        double most = Double.NEGATIVE_INFINITY;
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            logLikelihoods[expert] = Math.min(MOST_IMPORTANCE, instance.importance())
                    * curvature.logLikelihood(instance, instance.label(), expert);
            most = Math.max(most, logLikelihoods[expert]);
        }
        double sum = 0;
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            double relative = Math.max(LEAST_LOG_LIKELIHOOD, logLikelihoods[expert] - most);
            numbers[AutoMix.WEIGHTS + expert] *= StrictMath.exp(relative);
            sum += numbers[AutoMix.WEIGHTS + expert];
        }
        return sum;
    }

    private void share(int first, double sum) {
        double[] numbers = mix.numbers();
        double share = SHARE * curvature.spread(mix.probability());
        double kept = (1 - share) / sum;
        for (int expert = first; expert < AutoMix.EXPERTS; expert++) {
            int at = AutoMix.WEIGHTS + expert;
            numbers[at] = kept * numbers[at] + share / (AutoMix.EXPERTS - first);
        }
    }

    private void calibrate() {
        double[] numbers = mix.numbers();
        int node = AutoMix.CALIBRATION + (int) mix.position();
        double above = mix.position() - (int) mix.position();
        double rate = Math.min(1, CALIBRATION_RATE * instance.importance()) * curvature.spread(mix.probability());
        numbers[node] += rate * (1 - above) * (instance.label() - numbers[node]);
        numbers[node + 1] += rate * above * (instance.label() - numbers[node + 1]);
    }

    private double logLoss() {
        double probability = instance.label() > 0 ? mix.probability() : 1 - mix.probability();
        return -StrictMath.log(Math.max(LEAST_LIKELIHOOD, probability));
    }

    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (int member = 0; member < AutoMix.MEMBERS; member++) {
            figures.put(AutoMember.ALL.get(member).name(), mix.share(member));
        }
        figures.put("expert slow stacker", mix.weight(AutoMix.MEMBERS));
        figures.put("expert fast stacker", mix.weight(AutoMix.MEMBERS + 1));
        figures.put("drift reactions", epoch[0]);
        return figures;
    }

    void flush() {
        state.write();
    }

    void reload() {
        state.read();
        labels.rollBack();
    }
}
