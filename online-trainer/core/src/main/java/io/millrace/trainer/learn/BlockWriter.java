package io.millrace.trainer.learn;

import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes blocks of rows that come in ascending order, and their digest. Not thread-safe. */
final class BlockWriter {
    private final int columns;
    private final float[] rows;
    private final List<RowBlock> blocks = new ArrayList<>();
    private int number;
    private boolean isEmpty = true;
    private long digest;

    BlockWriter(int columns) {
        this.columns = columns;
        this.rows = new float[RowBlock.ROWS * columns];
    }

    /** Adds a row, whose floats begin at {@code at}, unless they are all zero. */
    void add(int row, float[] from, int at) {
        if (RowBlock.isZero(from, at, columns)) {
            return;
        }
        if (row / RowBlock.ROWS != number) {
            flush();
            number = row / RowBlock.ROWS;
        }
        System.arraycopy(from, at, rows, row % RowBlock.ROWS * columns, columns);
        digest += Digest.row(row, from, at, columns);
        isEmpty = false;
    }

    private void flush() {
        if (!isEmpty) {
            blocks.add(RowBlock.pack(number, rows, columns));
            Arrays.fill(rows, 0);
            isEmpty = true;
        }
    }

    /** All blocks; to be called at the end. */
    List<RowBlock> blocks() {
        flush();
        return List.copyOf(blocks);
    }

    String digest() {
        return Digest.text(digest);
    }
}
