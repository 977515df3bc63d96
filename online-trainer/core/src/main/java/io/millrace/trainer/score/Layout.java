package io.millrace.trainer.score;

import io.millrace.features.encode.LearnedNumeric;
import io.millrace.features.encode.Numerics;
import io.millrace.features.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the floats of a model lie in its one table: first what is learned about numeric features' values, then what else belongs to no feature,
 * then from {@code firstFeature} on the rows of features. A model that has learned nothing is a table of zeros, for every
 * family.
 *
 * @param columns names of a row's floats; what a scorer needs comes first
 * @param served how many of the columns a scorer needs
 * @param numerics of each learned numeric feature, its numbers and what they are found with
 * @param dense the family's floats that belong to no feature
 * @param firstFeature the first row of a feature
 * @param rows rows of the table at the beginning
 */
public record Layout(
        List<String> columns, int served, List<DenseSpan> numerics, DenseSpan dense, int firstFeature, int rows) {
    /** A row of a feature begins at a multiple of so many rows, so that it does not straddle cache lines. */
    private static final int ALIGNMENT = 16;

    public Layout {
        columns = List.copyOf(columns);
        numerics = List.copyOf(numerics);
    }

    public static Layout of(PipelineSpec spec) {
        Family family = Family.of(spec);
        int width = family.columns().size();
        int next = 0;
        List<DenseSpan> numerics = new ArrayList<>();
        for (LearnedNumeric feature : LearnedNumeric.of(spec)) {
            DenseSpan span = DenseSpan.of(next, feature.numbers(), NumericState.FLOATS, family.served(), width);
            numerics.add(span);
            next += span.rows();
        }
        DenseSpan dense = DenseSpan.of(next, family.dense(), family.hidden(), family.served(), width);
        next += dense.rows();
        int firstFeature = (next + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return new Layout(
                family.columns(),
                family.served(),
                numerics,
                dense,
                firstFeature,
                firstFeature + (1 << spec.model().bits()));
    }

    /** What some weights say about the numeric features' values. */
    public Numerics numerics(Weights weights) {
        return (feature, number) -> numerics.get(feature).get(weights, number);
    }
}
