package io.millrace.local.model;

import io.millrace.local.BaseFile;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.ProgressState;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.IOException;

/** A model's rows as text. */
public final class WeightTable {
    private final BaseFile base;

    public WeightTable(BaseFile base) {
        this.base = base;
    }

    /** CSV: a comment that says which version it is, the columns' names, and every row that is not all zero. */
    public void write(Appendable out) throws IOException {
        SnapshotHeader header = base.header();
        ProgressState progress = header.getProgress();
        out.append("# model=" + header.getModel() + " lineage=" + header.getLineage() + " shard=" + header.getShard()
                + " offset=" + header.getOffset() + " digest=" + header.getDigest() + " learner="
                + header.getLearner() + " loss=" + BaseSnapshot.loss(header).text() + " examples="
                + progress.getExamples() + " mean_loss=" + progress.getLoss() / progress.getWeight() + "\n");
        out.append("row," + String.join(",", header.getColumns()) + "\n");
        int columns = header.getColumns().size();
        float[] floats = new float[RowBlock.ROWS * columns];
        for (RowBlock block : base.blocks()) {
            block.unpack(floats, columns);
            for (int row = 0; row < RowBlock.ROWS; row++) {
                append(out, block.number() * RowBlock.ROWS + row, floats, row * columns, columns);
            }
        }
    }

    private static void append(Appendable out, int row, float[] floats, int from, int columns) throws IOException {
        StringBuilder line = new StringBuilder().append(row);
        boolean isZero = true;
        for (int i = from; i < from + columns; i++) {
            line.append(',').append(floats[i]);
            isZero &= floats[i] == 0;
        }
        if (!isZero) {
            out.append(line.append('\n'));
        }
    }
}
