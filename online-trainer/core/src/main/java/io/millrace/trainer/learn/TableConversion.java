package io.millrace.trainer.learn;

import io.millrace.features.encode.LearnedNumeric;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.List;

/** From the table of one layout to that of another. */
final class TableConversion {
    private final PipelineSpec before;
    private final PipelineSpec after;
    private final Layout from;
    private final Layout to;
    private final RowConversion rows;
    private final int columns;

    TableConversion(PipelineSpec before, PipelineSpec after) {
        this.before = before;
        this.after = after;
        this.from = Layout.of(before);
        this.to = Layout.of(after);
        this.rows = new RowConversion(before, after, to);
        this.columns = from.columns().size();
    }

    int shift() {
        return to.firstFeature() - from.firstFeature();
    }

    boolean isNone() {
        return rows.isNone() && names(before).equals(names(after));
    }

    /** The features about whose values something is learned, in the order in which that lies. */
    private static List<String> names(PipelineSpec spec) {
        return LearnedNumeric.of(spec).stream()
                .map(numeric ->
                        spec.featureSet().features().get(numeric.position()).name())
                .toList();
    }

    BlockWriter convert(List<RowBlock> blocks) {
        BlockWriter out = new BlockWriter(columns);
        float[] head = head(blocks);
        for (int row = 0; row < to.firstFeature(); row++) {
            out.add(row, head, row * columns);
        }
        float[] floats = new float[RowBlock.ROWS * columns];
        for (RowBlock block : blocks) {
            int first = block.number() * RowBlock.ROWS;
            if (first + RowBlock.ROWS > from.firstFeature()) {
                block.unpack(floats, columns);
                for (int row = Math.max(first, from.firstFeature()); row < first + RowBlock.ROWS; row++) {
                    int at = (row - first) * columns;
                    if (!RowBlock.isZero(floats, at, columns)) {
                        rows.convert(floats, at);
                        out.add(row + shift(), floats, at);
                    }
                }
            }
        }
        return out;
    }

    /** The rows before those of features, as the new layout has them. */
    private float[] head(List<RowBlock> blocks) {
        float[] old = new float[(from.firstFeature() + RowBlock.ROWS) * columns];
        float[] floats = new float[RowBlock.ROWS * columns];
        for (RowBlock block : blocks) {
            int first = block.number() * RowBlock.ROWS;
            if (first < from.firstFeature()) {
                block.unpack(floats, columns);
                System.arraycopy(floats, 0, old, first * columns, floats.length);
            }
        }
        float[] head = new float[to.firstFeature() * columns];
        List<String> were = names(before);
        List<String> are = names(after);
        for (int i = 0; i < are.size(); i++) {
            int was = were.indexOf(are.get(i));
            if (was >= 0) {
                copy(old, from.numerics().get(was), head, to.numerics().get(i));
            }
        }
        copy(old, from.dense(), head, to.dense());
        if (to.isExact()) {
            System.arraycopy(old, from.constant() * columns, head, to.constant() * columns, columns);
            rows.convertWeight(head, to.constant() * columns);
        }
        return head;
    }

    private void copy(float[] old, DenseSpan was, float[] head, DenseSpan is) {
        System.arraycopy(old, was.firstRow() * columns, head, is.firstRow() * columns, is.rows() * columns);
    }
}
