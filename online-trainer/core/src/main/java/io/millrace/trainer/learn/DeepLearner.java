package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DeepScorer;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.Link;
import io.millrace.trainer.score.TowerShape;
import java.util.List;
import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/**
 * A factorisation machine and a tower of dense layers beside it, learned together ({@link DeepScorer} has the model), in
 * mini-batches. A row is [w, v_1 .. v_k, z, n, √n, n_1 .. n_k] as in {@link FactorLearner}; weights and factors take the same
 * steps, once a batch, by the sum of the batch's gradients, and the dense floats take those of {@link Adam}.
 *
 * <p><b>Mini-batches.</b> A batch is full when it holds {@code batch} examples and corrections, counted from the lineage's
 * first: so all have the same size, and which example is in which is a function of the log alone. Until then nothing changes,
 * so what is predicted when the batch is learned is what would have been predicted when each example came.
 *
 * <p><b>Corrections</b> enter their batch with the difference of both labels' gradients at today's prediction.
 *
 * <p><b>Divergence.</b> A batch that would make a number that is not finite changes nothing, and all its examples are lost.
 * The exception names the first of them whose gradient is not finite, or else the one with the largest |slope · value|.
 */
final class DeepLearner implements Learner {
    private final Loss loss;
    private final int factors;
    private final int width;
    private final ParameterTable table;
    private final DeepScorer scorer;
    private final TowerGradient towerGradient;
    private final Adam adam;
    private final FtrlStep weightStep;
    private final FactorStep factorStep;
    private final MiniBatch batch;
    private final BatchGradient gradient;
    private final RowUpdates updates;
    private final double[] margins;
    private final double[] slopes;

    DeepLearner(PipelineSpec spec, Layout layout) {
        ModelSpec model = spec.model();
        TowerShape shape = TowerShape.of(spec);
        int size = (int) model.setting("batch");
        this.loss = model.loss();
        this.factors = shape.factors();
        this.width = layout.own();
        this.weightStep = new FtrlStep(FtrlSettings.of(model), 0, 1 + factors);
        this.factorStep = new FactorStep(FactorSettings.of(model), model.seed(), 1, 4 + factors);
        this.adam = new Adam(layout.dense(), shape.initial(model.seed()), model.setting("tower_alpha"));
        this.batch = new MiniBatch(loss, size);
        this.gradient = new BatchGradient(factors);
        this.updates = new RowUpdates(width);
        this.margins = new double[size];
        this.slopes = new double[size];
        this.scorer = new DeepScorer(loss, shape, layout.dense(), model.seed());
        this.towerGradient = new TowerGradient(shape, scorer.tower(), size);
        this.table = new ParameterTable(layout);
        scorer.tower().load(adam.floats());
    }

    @Override
    public double predict(Instance instance) {
        scorer.margins(table, List.of(instance.vector()), 0, 1, margins);
        return Link.prediction(loss, margins[0]);
    }

    @Override
    public void learn(Instance instance, PredictionSink sink) {
        batch.add(instance, false);
        learnIfFull(sink);
    }

    @Override
    public void correct(Instance instance, PredictionSink sink) {
        batch.add(instance, true);
        learnIfFull(sink);
    }

    private void learnIfFull(PredictionSink sink) {
        if (batch.isFull()) {
            try {
                learn(sink);
            } finally {
                batch.clear();
            }
        }
    }

    private void learn(PredictionSink sink) {
        int size = batch.size();
        scorer.margins(table, batch.vectors(), 0, size, margins);
        for (int i = 0; i < size; i++) {
            slopes[i] = batch.slope(i, Link.prediction(loss, margins[i]));
        }
        towerGradient.take(scorer.inputs(), slopes);
        gradient.clear();
        for (int i = 0; i < size; i++) {
            gradient.add(table, batch.vectors().get(i), slopes[i], scorer, i, towerGradient.byInputs());
        }
        RowSlots slots = gradient.slots();
        stepRows(slots, updates.begin(slots.size()));
        updates.check(adam.prepare(towerGradient.byFloats(), size));
        updates.verify(() -> batch.offset(steepest(size)));
        updates.write(table, slots.rows(), slots.size());
        adam.commit(table);
        scorer.tower().load(adam.floats());
        batch.tell(sink, margins);
    }

    /** Which example asks for the largest step. */
    private int steepest(int size) {
        int steepest = 0;
        double largest = -1;
        for (int i = 0; i < size; i++) {
            SparseVector vector = batch.vectors().get(i);
            float value = 0;
            for (int e = 0; e < vector.size(); e++) {
                value = Math.max(value, Math.abs(vector.value(e)));
            }
            double step = Math.abs(slopes[i]) * value;
            if (step > largest) {
                largest = step;
                steepest = i;
            }
        }
        return steepest;
    }

    private void stepRows(RowSlots slots, float[] out) {
        FloatRawIndexer floats = table.floats();
        factorStep.begin();
        for (int slot = 0; slot < slots.size(); slot++) {
            long start = (long) slots.row(slot) * table.columns();
            updates.check(weightStep.learn(floats, start, (float) gradient.byWeight(slot), out, slot * width));
            if (gradient.interacts(slot)) {
                gradient.copyByFactors(slot, factorStep.add(floats, start), factorStep.gradients());
            }
        }
        factorStep.learn();
        int from = 0;
        for (int slot = 0; slot < slots.size(); slot++) {
            int row = slots.row(slot);
            if (gradient.interacts(slot)) {
                updates.check(factorStep.put(from, row, out, slot * width));
                from += factors;
            } else {
                factorStep.keep(floats, (long) row * table.columns(), out, slot * width);
            }
        }
    }

    @Override
    public boolean isBatching() {
        return true;
    }

    @Override
    public int pending() {
        return batch.size();
    }

    @Override
    public void reload() {
        adam.read(table);
        scorer.tower().load(adam.floats());
    }

    @Override
    public ParameterTable table() {
        return table;
    }

    @Override
    public void close() {
        towerGradient.close();
        scorer.close();
        table.close();
    }
}
