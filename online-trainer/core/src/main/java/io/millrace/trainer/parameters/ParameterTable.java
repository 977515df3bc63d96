package io.millrace.trainer.parameters;

import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowKey;
import io.millrace.trainer.score.Weights;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/**
 * Rows of floats in one ND4J array, off heap; a row's first floats are what a scorer needs, the others are the optimiser's, and
 * behind these, in tables of exact ids, are those of a {@link RowKey}. A row's floats lie side by side: what an example touches
 * are as many cache lines as it has features, and that, not arithmetic, is what bounds a sparse learner.
 *
 * <p>The table knows what was written since the last {@link #settle} and since the last {@link #takeDirtyBlocks}, and keeps
 * the digest of all rows in time proportional to that: a row's share is taken off when it is first written, and added again
 * when the digest is asked for.
 *
 * <p>Not thread-safe, and owned by whoever made it: {@link #close} frees the memory, and every use after that fails.
 */
public final class ParameterTable implements Weights, AutoCloseable {
    private static final int MAX_ROWS = 1 << 30;

    private final int columns;
    private final int served;
    private final int own;
    private final int keys;
    private final int keyGap;
    private int rows;
    private AlignedFloats memory;
    private MarkedRows unsettled;
    private MarkedRows heldBack;
    private MarkedRows dirtyBlocks;
    private MarkedRows liveBlocks;
    private final float[] row;
    private long settledDigest;

    /** A table of zeros of a layout. */
    public ParameterTable(Layout layout) {
        this(layout.rows(), layout.columns().size(), layout.served(), layout.own());
    }

    /**
     * A table of zeros, without keys.
     *
     * @param served how many of the columns, from the first, a scorer needs
     */
    public ParameterTable(int rows, int columns, int served) {
        this(rows, columns, served, columns);
    }

    private ParameterTable(int rows, int columns, int served, int own) {
        if (rows < 1 || rows > MAX_ROWS) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: 1 to " + MAX_ROWS + ")");
        }
        if (columns < 1) {
            throw new IllegalArgumentException("columns: " + columns + " (expected: at least 1)");
        }
        if (served < 1 || served > own) {
            throw new IllegalArgumentException("served: " + served + " (expected: 1 to " + own + ")");
        }
        this.columns = columns;
        this.served = served;
        this.own = own;
        this.keys = own == columns ? 0 : RowKey.SERVED;
        this.keyGap = own == columns ? 0 : own - served;
        this.row = new float[columns];
        this.rows = rows;
        this.memory = new AlignedFloats((long) rows * columns);
        this.unsettled = new MarkedRows(rows);
        this.heldBack = new MarkedRows(rows);
        this.dirtyBlocks = new MarkedRows(blocks(rows));
        this.liveBlocks = new MarkedRows(blocks(rows));
    }

    private static int blocks(int rows) {
        return (rows - 1) / RowBlock.ROWS + 1;
    }

    public int rows() {
        return rows;
    }

    /** How many floats a row has; a row begins at a multiple of it. */
    public int columns() {
        return columns;
    }

    /** How many of them, from the first, are the learner's. */
    public int own() {
        return own;
    }

    /** How many floats of a row a scorer needs: the first of the learner's and the key's. */
    public int width() {
        return served + keys;
    }

    /** {@inheritDoc} What follows the learner's served columns is the key, though it lies behind the learner's others. */
    @Override
    public float weight(int row, int column) {
        return indexer().getRaw((long) row * columns + (column < served ? column : column + keyGap));
    }

    @Override
    public void read(int row, int column, float[] to) {
        indexer().get((long) row * columns + column, to, 0, to.length);
    }

    public float get(int row, int column) {
        return indexer().getRaw((long) row * columns + column);
    }

    /**
     * The table's memory, to read from: row i begins at {@code i * columns()}. Not to be kept beyond the example that is being
     * learned: the table may grow.
     */
    public FloatRawIndexer floats() {
        return indexer();
    }

    /**
     * Reads one column of rows. Whoever begins with this has the rows in the cache for what comes after: the processor waits
     * for many of them at once.
     *
     * @param indices which rows; the first {@code count} count
     * @param to receives {@code count} floats
     */
    public void gather(int[] indices, int count, int column, float[] to) {
        Columns.gather(indexer(), columns, indices, count, column, to);
    }

    /**
     * Reads columns of rows.
     *
     * @param to receives, of each column from the first on, {@code count} floats
     */
    public void gather(int[] indices, int count, float[][] to) {
        Columns.gather(indexer(), columns, indices, count, to);
    }

    /** The same of two columns. */
    public void gather(int[] indices, int count, int first, float[] ofFirst, int second, float[] ofSecond) {
        Columns.gather(indexer(), columns, indices, count, first, ofFirst, second, ofSecond);
    }

    /**
     * Reads seven columns of rows, and adds each of them up.
     *
     * @param first the first of the columns
     * @param to receives, of each of these columns, at its number, {@code count} floats
     * @param factors of the rows
     * @param sums receives of each column Σ factor · float, in the order of the rows
     */
    public void gatherSeven(int[] indices, int count, int first, float[][] to, float[] factors, double[] sums) {
        Columns.gatherSeven(indexer(), columns, indices, count, first, to, factors, sums);
    }

    /**
     * Reads what is the learner's of rows.
     *
     * @param to receives {@link #own} floats for each, row after row
     */
    public void gather(int[] indices, int count, float[] to) {
        FloatRawIndexer from = indexer();
        for (int i = 0; i < count; i++) {
            Columns.read(from, (long) indices[i] * columns, own, to, i * own);
        }
    }

    /**
     * Replaces what is the learner's of rows.
     *
     * @param indices which rows; the first {@code count} count
     * @param values {@link #own} floats for each, row after row
     */
    public void write(int[] indices, int count, float[] values) {
        FloatRawIndexer to = indexer();
        touch(indices, count);
        for (int i = 0; i < count; i++) {
            Columns.write(to, (long) indices[i] * columns, own, values, i * own);
        }
    }

    /**
     * Replaces columns of rows.
     *
     * @param indices which rows, each once; the first {@code count} count
     * @param values of each column, from the first on, the rows' floats
     */
    public void write(int[] indices, int count, float[][] values) {
        FloatRawIndexer to = indexer();
        touch(indices, count);
        Columns.scatter(to, columns, indices, count, values);
    }

    /**
     * Replaces seven columns of rows from {@code first} on, and seven from {@code second} on.
     *
     * @param indices which rows, each once; the first {@code count} count
     * @param values of each of these columns, at its number, the rows' floats
     */
    public void writeSevens(int[] indices, int count, int first, int second, float[][] values) {
        FloatRawIndexer to = indexer();
        touch(indices, count);
        Columns.scatterSevens(to, columns, indices, count, first, second, values);
    }

    /** Replaces what is the learner's of one row by the floats from {@code at} on. */
    public void write(int row, float[] values, int at) {
        FloatRawIndexer to = indexer();
        touch(row);
        Columns.write(to, (long) row * columns, own, values, at);
    }

    private void touch(int[] indices, int count) {
        for (int i = 0; i < count; i++) {
            touch(indices[i]);
        }
    }

    private void touch(int index) {
        if (unsettled.add(index)) {
            unsettle(index);
        }
    }

    /** Copies all floats of a row. */
    public void readRow(int row, float[] to) {
        indexer().get((long) row * columns, to, 0, columns);
    }

    /** Replaces all floats of a row. */
    public void writeRow(int row, float[] from) {
        touch(row);
        indexer().put((long) row * columns, from, 0, columns);
    }

    /** Says where a row goes when its table grows. */
    @FunctionalInterface
    public interface Placement {
        /**
         * @param floats all of its floats
         * @return a row of zeros in the table as it is by now
         */
        int row(int before, float[] floats);
    }

    /**
     * Becomes a larger table, into which every row that is not zero is put anew; all rows count as written. For a moment the
     * memory of both is taken.
     */
    public void grow(int larger, Placement placement) {
        if (larger < rows || larger > MAX_ROWS) {
            throw new IllegalArgumentException("rows: " + larger + " (expected: " + rows + " to " + MAX_ROWS + ")");
        }
        FloatRawIndexer from = indexer();
        AlignedFloats before = memory;
        MarkedRows blocksBefore = liveBlocks;
        int rowsBefore = rows;
        rows = larger;
        memory = new AlignedFloats((long) rows * columns);
        settledDigest = 0;
        unsettled = new MarkedRows(rows);
        heldBack = new MarkedRows(rows);
        dirtyBlocks = new MarkedRows(blocks(rows));
        liveBlocks = new MarkedRows(blocks(rows));
        float[] moved = new float[columns];
        for (int index = 0; index < rowsBefore; index++) {
            from.get((long) index * columns, moved, 0, columns);
            if (!RowBlock.isZero(moved, 0, columns)) {
                int to = placement.row(index, moved);
                unsettled.add(to);
                markBlock(to);
                indexer().put((long) to * columns, moved, 0, columns);
            }
        }
        // Copies of these blocks may have been taken: what they hold now has to go over it, even if it is nothing.
        blocksBefore.forEach(block -> {
            dirtyBlocks.add(block);
            liveBlocks.add(block);
        });
        before.close();
    }

    /** Replaces one float. */
    public void put(int row, int column, float value) {
        touch(row);
        indexer().putRaw((long) row * columns + column, value);
    }

    private void unsettle(int index) {
        settledDigest -= rowDigest(index);
        markBlock(index);
    }

    private void markBlock(int index) {
        int block = index / RowBlock.ROWS;
        dirtyBlocks.add(block);
        liveBlocks.add(block);
    }

    /** Digest of all rows as they are. */
    public long digest() {
        long[] sum = {settledDigest};
        unsettled.forEach(index -> sum[0] += rowDigest(index));
        return sum[0];
    }

    /**
     * The rows written since the last call, ascending.
     *
     * @param values what a scorer needs of them, row after row
     */
    public record Changes(int[] rows, float[] values) {}

    /** Returns what was written since the last call, and starts anew. */
    public Changes settle() {
        boolean holding = heldBack.size() > 0;
        if (holding) {
            holdBack();
        }
        MarkedRows written = holding ? heldBack : unsettled;
        int[] changed = new int[written.size()];
        float[] values = new float[changed.length * width()];
        int[] filled = {0};
        written.forEach(index -> {
            long digest = rowDigest(index);
            settledDigest += holding ? 0 : digest;
            changed[filled[0]] = index;
            int at = filled[0]++ * width();
            System.arraycopy(row, 0, values, at, served);
            System.arraycopy(row, own, values, at + served, keys);
        });
        written.clear();
        return new Changes(changed, values);
    }

    /**
     * Settles the digest, and keeps in mind what was written since the last {@link #settle}: it belongs to what the next one
     * returns. Costs what was written since the last call of either.
     */
    public void holdBack() {
        unsettled.forEach(index -> {
            settledDigest += rowDigest(index);
            heldBack.add(index);
        });
        unsettled.clear();
    }

    /** Has rows count as held back. */
    public void holdBack(int[] indices) {
        for (int index : indices) {
            heldBack.add(Objects.checkIndex(index, rows));
        }
    }

    /** The rows that are held back, ascending. */
    public int[] heldBack() {
        int[] indices = new int[heldBack.size()];
        int[] filled = {0};
        heldBack.forEach(index -> indices[filled[0]++] = index);
        return indices;
    }

    /** Copies of the blocks written since the last call, ascending. */
    public List<RowBlock> takeDirtyBlocks() {
        List<RowBlock> blocks = new ArrayList<>(dirtyBlocks.size());
        pack(dirtyBlocks, blocks::add);
        dirtyBlocks.clear();
        unsettled.forEach(index -> dirtyBlocks.add(index / RowBlock.ROWS));
        return blocks;
    }

    /** Copies of all blocks that were ever written, ascending. */
    public List<RowBlock> copyBlocks() {
        List<RowBlock> blocks = new ArrayList<>(liveBlocks.size());
        pack(liveBlocks, blocks::add);
        return blocks;
    }

    /**
     * Fills rows from a checkpoint's or base snapshot's block; the rows count as settled, and the block as not dirty.
     *
     * @param floats 256 rows
     */
    public void restore(int block, float[] floats) {
        FloatRawIndexer to = indexer();
        int first = Math.multiplyExact(Objects.checkIndex(block, blocks(rows)), RowBlock.ROWS);
        int count = Math.min(RowBlock.ROWS, rows - first);
        for (int i = 0; i < count; i++) {
            settledDigest -= rowDigest(first + i);
            settledDigest += Digest.row(first + i, floats, i * columns, columns);
        }
        for (int i = 0; i < count * columns; i++) {
            to.put((long) first * columns + i, floats[i]);
        }
        liveBlocks.add(block);
    }

    private void pack(MarkedRows blocks, Consumer<RowBlock> out) {
        indexer();
        float[] copy = new float[RowBlock.ROWS * columns];
        blocks.forEach(block -> {
            int first = block * RowBlock.ROWS;
            int count = Math.min(RowBlock.ROWS, rows - first) * columns;
            memory.at((long) first * columns).get(copy, 0, count);
            Arrays.fill(copy, count, copy.length, 0);
            out.accept(RowBlock.pack(block, copy, columns));
        });
    }

    private long rowDigest(int index) {
        Columns.read(indexer(), (long) index * columns, columns, row, 0);
        return Digest.row(index, row, 0, columns);
    }

    private FloatRawIndexer indexer() {
        return memory.indexer();
    }

    @Override
    public void close() {
        memory.close();
    }
}
