package io.millrace.trainer.snapshot;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.record.Delta;
import io.millrace.trainer.score.Scoring;
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
    private static final float[] ZERO = new float[BLOCK];

    private final Loss loss;
    private final String model;
    private final String lineage;
    private final int shard;
    private final long offset;
    private final String digest;
    private final long examples;
    private final int parameters;
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
            int parameters,
            int nonzero,
            float[][] blocks) {
        this.loss = loss;
        this.model = model;
        this.lineage = lineage;
        this.shard = shard;
        this.offset = offset;
        this.digest = digest;
        this.examples = examples;
        this.parameters = parameters;
        this.nonzero = nonzero;
        this.blocks = blocks;
    }

    /** The version at offset 0: all weights are 0. */
    public static ModelSnapshot initial(String model, String lineage, int shard, Loss loss, int parameters) {
        if (parameters < 1) {
            throw new IllegalArgumentException("parameters: " + parameters + " (expected: at least 1)");
        }
        float[][] blocks = new float[(parameters - 1 >>> BLOCK_BITS) + 1][];
        Arrays.fill(blocks, ZERO);
        return new ModelSnapshot(loss, model, lineage, shard, 0, Digest.text(0), 0, parameters, 0, blocks);
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
        return apply(DeltaCodec.decode(List.of(parts), parameters));
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
        int changes = delta.indices().length;
        if (changes > 0 && delta.indices()[changes - 1] >= parameters) {
            throw unfit("indices", delta.indices()[changes - 1], "below " + parameters);
        }
        float[][] next = blocks.clone();
        int count = nonzero;
        int copied = -1;
        for (int i = 0; i < changes; i++) {
            int index = delta.indices()[i];
            int block = index >>> BLOCK_BITS;
            if (block != copied) {
                next[block] = next[block].clone();
                copied = block;
            }
            float before = next[block][index & BLOCK - 1];
            float after = delta.values()[i];
            count += (after == 0 ? 0 : 1) - (before == 0 ? 0 : 1);
            next[block][index & BLOCK - 1] = after;
        }
        return new ModelSnapshot(
                loss, model, lineage, shard, delta.to(), delta.digest(), delta.examples(), parameters, count, next);
    }

    /** The prediction on the scale of the loss: a probability for logistic, a reward for squared. */
    public float score(SparseVector x) {
        return (float) Scoring.prediction(loss, Scoring.margin(this, x));
    }

    @Override
    public float weight(int index) {
        return blocks[index >>> BLOCK_BITS][index & BLOCK - 1];
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

    /** How many weights there are. */
    public int parameters() {
        return parameters;
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

        @Override
        public void begin(SnapshotHeader header) {
            blocks = new float[(header.getRows() - 1 >>> BLOCK_BITS) + 1][];
            Arrays.fill(blocks, ZERO);
            columns = header.getColumns().size();
        }

        @Override
        public void block(int block, float[] rows) {
            float[] weights = new float[BLOCK];
            for (int i = 0; i < BLOCK; i++) {
                weights[i] = rows[i * columns];
                nonzero += weights[i] == 0 ? 0 : 1;
            }
            blocks[block] = weights;
        }
    }
}
