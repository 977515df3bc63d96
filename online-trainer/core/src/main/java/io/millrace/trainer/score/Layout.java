package io.millrace.trainer.score;

import io.millrace.features.encode.LearnedNumeric;
import io.millrace.features.encode.Numerics;
import io.millrace.features.spec.IdSpec;
import io.millrace.features.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the floats of a model lie in its one table: first what is learned about numeric features' values, then what else belongs to no feature,
 * then from {@code firstFeature} on the rows of features. A model that has learned nothing is a table of zeros, for every
 * family.
 *
 * <p>The columns are the family's, and behind them, where ids are exact, those of a {@link RowKey}. Exact ids have two rows
 * more before the first feature's: one of the constant, and one that is always zero. Their table grows by doubling the rows
 * from {@code firstFeature} on.
 *
 * @param columns names of a row's floats; what a scorer needs of the family's comes first
 * @param served how many of the family's columns a scorer needs
 * @param own how many columns are the family's
 * @param numerics of each learned numeric feature, its numbers and what they are found with
 * @param dense the family's floats that belong to no feature
 * @param firstFeature the first row of a feature
 * @param rows rows of the table at the beginning
 * @param mostRows the most rows it ever has
 */
public record Layout(
        List<String> columns,
        int served,
        int own,
        List<DenseSpan> numerics,
        DenseSpan dense,
        int firstFeature,
        int rows,
        int mostRows) {
    /** A row of a feature begins at a multiple of so many rows, so that it does not straddle cache lines. */
    private static final int ALIGNMENT = 16;

    public Layout {
        columns = List.copyOf(columns);
        numerics = List.copyOf(numerics);
    }

    /** A layout of hashed ids. */
    public Layout(
            List<String> columns, int served, List<DenseSpan> numerics, DenseSpan dense, int firstFeature, int rows) {
        this(columns, served, columns.size(), numerics, dense, firstFeature, rows, rows);
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
        IdSpec ids = spec.model().ids();
        if (ids.exact()) {
            next += 2;
        }
        int firstFeature = (next + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int most = ids.exact() ? ids.mostSlots() : 1 << spec.model().bits();
        int slots = ids.exact() ? ids.firstSlots() : most;
        return new Layout(
                columns(family, ids.exact()),
                family.served(),
                width,
                numerics,
                dense,
                firstFeature,
                firstFeature + slots,
                firstFeature + most);
    }

    private static List<String> columns(Family family, boolean exact) {
        List<String> columns = new ArrayList<>(family.columns());
        if (exact) {
            columns.addAll(RowKey.COLUMNS);
        }
        return columns;
    }

    /** Whether ids have rows of their own. */
    public boolean isExact() {
        return columns.size() > own;
    }

    /** How many floats of a row a scorer is sent: the family's served ones, then those of the {@link RowKey} if there is one. */
    public int width() {
        return served + (isExact() ? RowKey.SERVED : 0);
    }

    /** With exact ids: the row of the constant feature. */
    public int constant() {
        return firstFeature - 2;
    }

    /** With exact ids: the row that is always zero. */
    public int nothing() {
        return firstFeature - 1;
    }

    /** Whether a table of this layout may have so many rows. */
    public boolean isSize(int rows) {
        return rows >= this.rows && rows <= mostRows && Integer.bitCount(rows - firstFeature) == 1;
    }

    /** What some weights say about the numeric features' values. */
    public Numerics numerics(Weights weights) {
        return (feature, number) -> numerics.get(feature).get(weights, number);
    }
}
