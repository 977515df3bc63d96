package io.millrace.trainer.snapshot;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowKey;
import io.millrace.trainer.score.Weights;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * One version of one shard's weights, to score with. Immutable: safe for use by any number of threads without locks. A new
 * version shares with the one before every block that did not change, and the garbage collector frees the rest.
 */
public final class ModelSnapshot implements Weights {
    private static final int BLOCK = RowBlock.ROWS;
    private static final int BLOCK_BITS = Integer.numberOfTrailingZeros(BLOCK);
    private static final int MOST_ROWS = 1 << 30;

    private final Loss loss;
    private final String model;
    private final String lineage;
    private final int shard;
    private final long offset;
    private final String digest;
    private final long examples;
    private final int rows;
    private final int width;
    private final int weights;
    private final int nonzero;
    private final float[][] blocks;

    private ModelSnapshot(
            Loss loss,
            String model,
            String lineage,
            int shard,
            long offset,
            String digest,
            long examples,
            int rows,
            int width,
            int weights,
            int nonzero,
            float[][] blocks) {
        this.loss = loss;
        this.model = model;
        this.lineage = lineage;
        this.shard = shard;
        this.offset = offset;
        this.digest = digest;
        this.examples = examples;
        this.rows = rows;
        this.width = width;
        this.weights = weights;
        this.nonzero = nonzero;
        this.blocks = blocks;
    }

    /** The version at offset 0 of a lineage that starts from nothing: all weights are 0. */
    public static ModelSnapshot initial(PipelineSpec spec, String lineage, int shard) {
        Layout layout = Layout.of(spec);
        Loss loss = spec.model().loss();
        return initial(spec.pipeline(), lineage, shard, loss, layout.rows(), layout.width(), layout.served());
    }

    static ModelSnapshot initial(String model, String lineage, int shard, Loss loss, int rows, int width) {
        return initial(model, lineage, shard, loss, rows, width, width);
    }

    private static ModelSnapshot initial(
            String model, String lineage, int shard, Loss loss, int rows, int width, int weights) {
        if (rows < 1) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: at least 1)");
        }
        return new ModelSnapshot(
                loss, model, lineage, shard, 0, Digest.text(0), 0, rows, width, weights, 0, zeros(rows, width));
    }

    private static float[][] zeros(int rows, int width) {
        float[][] blocks = new float[(rows - 1 >>> BLOCK_BITS) + 1][];
        Arrays.fill(blocks, new float[BLOCK * width]);
        return blocks;
    }

    /**
     * Reads the weights of a base snapshot; the stream is read to its end and stays the caller's to close.
     *
     * @param checksum what the manifest says, or 0 to rely on the file's own
     * @throws MalformedSnapshotException if the bytes are no base snapshot, or checksum or digest do not fit
     */
    public static ModelSnapshot read(InputStream in, long checksum) throws IOException {
        WeightBlocks weights = new WeightBlocks();
        SnapshotHeader header = BaseSnapshot.read(in, checksum, weights);
        return new ModelSnapshot(
                BaseSnapshot.loss(header),
                header.getModel(),
                header.getLineage(),
                header.getShard(),
                header.getOffset(),
                header.getDigest(),
                header.getExamples(),
                header.getRows(),
                header.getServed(),
                weights.weights,
                weights.nonzero,
                weights.blocks);
    }

    /**
     * The version that a delta makes of this one.
     *
     * @param parts all parts of one delta
     * @throws MalformedSnapshotException if they are not the parts of one delta
     * @throws IllegalArgumentException if the delta belongs to another lineage or shard, or to no version like this: it
     *     applies iff {@code from <= offset() < to}
     */
    public ModelSnapshot apply(Delta... parts) {
        return apply(DeltaCodec.decode(List.of(parts), MOST_ROWS, width));
    }

    /** The same with a delta in one piece. */
    public ModelSnapshot apply(WeightDelta delta) {
        if (!delta.model().equals(model)) {
            throw unfit("model", delta.model(), model);
        }
        if (!delta.lineage().equals(lineage)) {
            throw unfit("lineage", delta.lineage(), lineage);
        }
        if (delta.shard() != shard) {
            throw unfit("shard", delta.shard(), shard);
        }
        if (delta.from() > offset) {
            throw unfit("from", delta.from(), "at most the version's offset " + offset);
        }
        if (delta.to() <= offset) {
            throw unfit("to", delta.to(), "above the version's offset " + offset);
        }
        if (delta.width() != width) {
            throw unfit("width", delta.width(), width);
        }
        if (delta.rows() < rows) {
            throw unfit("rows", delta.rows(), "at least " + rows);
        }
        int changes = delta.indices().length;
        if (changes > 0 && delta.indices()[changes - 1] >= delta.rows()) {
            throw unfit("indices", delta.indices()[changes - 1], "below " + delta.rows());
        }
        boolean grown = delta.rows() > rows;
        float[][] next = grown ? zeros(delta.rows(), width) : blocks.clone();
        int count = grown ? 0 : nonzero;
        int copied = -1;
        for (int i = 0; i < changes; i++) {
            int index = delta.indices()[i];
            int block = index >>> BLOCK_BITS;
            if (block != copied) {
                next[block] = next[block].clone();
                copied = block;
            }
            int at = (index & BLOCK - 1) * width;
            for (int c = 0; c < width; c++) {
                float after = delta.values()[i * width + c];
                if (c < weights) {
                    count += (after == 0 ? 0 : 1) - (next[block][at + c] == 0 ? 0 : 1);
                }
                next[block][at + c] = after;
            }
        }
        return new ModelSnapshot(
                loss,
                model,
                lineage,
                shard,
                delta.to(),
                delta.digest(),
                delta.examples(),
                delta.rows(),
                width,
                weights,
                count,
                next);
    }

    @Override
    public float weight(int row, int column) {
        return blocks[row >>> BLOCK_BITS][(row & BLOCK - 1) * width + column];
    }

    @Override
    public void read(int row, int column, float[] to) {
        System.arraycopy(blocks[row >>> BLOCK_BITS], (row & BLOCK - 1) * width + column, to, 0, to.length);
    }

    @Override
    public boolean isImmutable() {
        return true;
    }

    public Loss loss() {
        return loss;
    }

    public String model() {
        return model;
    }

    public String lineage() {
        return lineage;
    }

    public int shard() {
        return shard;
    }

    /** Offset of the first example not yet learned. */
    public long offset() {
        return offset;
    }

    /** Digest of parameters and optimiser state, 16 hex digits. */
    public String digest() {
        return digest;
    }

    /** Examples learned since the lineage began. */
    public long examples() {
        return examples;
    }

    /** Rows of the table. */
    public int rows() {
        return rows;
    }

    /** Floats a row that a scorer needs. */
    public int width() {
        return width;
    }

    /** How many weights it may have. */
    public long parameters() {
        return (long) rows * weights;
    }

    /** How many weights are not 0. */
    public int nonzero() {
        return nonzero;
    }

    @Override
    public String toString() {
        return model + " " + lineage + " shard " + shard + " at " + offset + ", digest " + digest;
    }

    private static IllegalArgumentException unfit(String name, Object value, Object expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }

    private static final class WeightBlocks implements BaseSnapshot.Rows {
        private float[][] blocks = new float[0][];
        private int nonzero;
        private int columns;
        private int width;
        private int weights;
        private int keyColumn;
        private int keys;

        @Override
        public void begin(SnapshotHeader header) {
            blocks = zeros(header.getRows(), header.getServed());
            columns = header.getColumns().size();
            width = header.getServed();
            keyColumn = RowKey.column(header.getColumns());
            keys = keyColumn < columns ? RowKey.SERVED : 0;
            weights = width - keys;
        }

        @Override
        public void block(int block, float[] rows) {
            float[] served = new float[BLOCK * width];
            for (int row = 0; row < BLOCK; row++) {
                System.arraycopy(rows, row * columns, served, row * width, weights);
                for (int i = row * width; i < row * width + weights; i++) {
                    nonzero += served[i] == 0 ? 0 : 1;
                }
                System.arraycopy(rows, row * columns + keyColumn, served, row * width + weights, keys);
            }
            blocks[block] = served;
        }
    }
}
