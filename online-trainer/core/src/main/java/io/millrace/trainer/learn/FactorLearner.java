package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.FactorScorer;
import io.millrace.trainer.score.Factors;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.Link;
import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/**
 * A factorisation machine (Rendle, "Factorization machines", ICDM 2010), one example at a time: the weights learn as in
 * {@link FtrlLearner}, the factors as {@link FactorStep} says.
 *
 * <p>With slope s of the loss, importance c, values x, S_f the sum of all {@code v_if x_i} that take part, and the scale r of
 * {@link Factors}, the gradient by a row's factor is {@code c s r (S_f Σ x - v_f Σ x²)}, sums over the row's elements: where elements share a row, by
 * collision or because a value repeats, they interact with each other, too, and this is the gradient of what was scored.
 *
 * <p><b>Numbers.</b> A row is [w, v_1 .. v_k, z, n, √n, n_1 .. n_k], floats; sums are double, steps float.
 *
 * <p><b>Corrections.</b> The gradient's difference at today's prediction and today's factors enters with today's step sizes,
 * which stay as they are.
 */
final class FactorLearner implements Learner {
    private final Loss loss;
    private final int width;
    private final ParameterTable table;
    private final FactorScorer scorer;
    private final FtrlStep weightStep;
    private final FactorStep factorStep;
    private final InteractingTerms terms = new InteractingTerms();
    private final RowUpdates updates;

    FactorLearner(PipelineSpec spec, Layout layout) {
        FactorSettings settings = FactorSettings.of(spec.model());
        int factors = settings.count();
        this.loss = spec.model().loss();
        this.width = layout.own();
        this.scorer = new FactorScorer(loss, factors, spec.featureSet().size());
        this.weightStep = new FtrlStep(FtrlSettings.of(spec.model()), 0, 1 + factors);
        this.factorStep = new FactorStep(settings, spec.model().seed(), 1, 4 + factors);
        this.updates = new RowUpdates(width);
        this.table = new ParameterTable(layout);
    }

    @Override
    public double predict(Instance instance) {
        return Link.prediction(loss, scorer.margin(table, instance.vector()));
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        double prediction = predict(instance);
        double slope = Losses.slope(loss, prediction, instance);
        float[] out = begin(instance, slope);
        FloatRawIndexer floats = table.floats();
        for (int i = 0; i < terms.size(); i++) {
            long start = (long) terms.index(i) * table.columns();
            updates.check(weightStep.learn(floats, start, (float) (slope * terms.value(i)), out, i * width));
        }
        factorStep.learn();
        finish(instance, out);
        sink.predicted(instance.offset(), prediction, instance.label(), instance.importance());
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        double slope = Losses.correction(loss, predict(instance), instance);
        float[] out = begin(instance, slope);
        FloatRawIndexer floats = table.floats();
        for (int i = 0; i < terms.size(); i++) {
            long start = (long) terms.index(i) * table.columns();
            updates.check(weightStep.correct(floats, start, (float) (slope * terms.value(i)), out, i * width));
        }
        factorStep.correct();
        finish(instance, out);
    }

    private float[] begin(Instance instance, double slope) {
        Factors factors = scorer.factors();
        terms.fill(instance.vector(), factors);
        float[] out = updates.begin(terms.size());
        factorStep.begin();
        FloatRawIndexer floats = table.floats();
        double scaled = slope * factors.scale();
        for (int i = 0; i < terms.size(); i++) {
            double part = scaled * terms.part(i);
            double square = scaled * terms.square(i);
            if (terms.square(i) != 0) {
                int from = factorStep.add(floats, (long) terms.index(i) * table.columns());
                float[] gradients = factorStep.gradients();
                for (int f = 0; f < factors.count(); f++) {
                    gradients[from + f] = (float) (factors.sum(f) * part - factorStep.factor(from + f) * square);
                }
            }
        }
        return out;
    }

    private void finish(Instance instance, float[] out) {
        FloatRawIndexer floats = table.floats();
        int from = 0;
        for (int i = 0; i < terms.size(); i++) {
            int row = terms.index(i);
            if (terms.square(i) == 0) {
                factorStep.keep(floats, (long) row * table.columns(), out, i * width);
            } else {
                updates.check(factorStep.put(from, row, out, i * width));
                from += scorer.factors().count();
            }
        }
        updates.verify(instance.offset());
        updates.write(table, terms.indices(), terms.size());
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
