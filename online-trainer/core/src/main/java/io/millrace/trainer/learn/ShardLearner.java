package io.millrace.trainer.learn;

import io.millrace.features.encode.Indexer;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.PendingExample;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that one shard knows, and how it learns: a function of the spec and of the shard's examples up to an offset. It
 * gives deltas and whole copies of itself, and goes on from a copy as if nothing had happened, bit by bit.
 *
 * <p>Offsets may leave gaps (transaction markers) and must rise. Not thread-safe; {@link #close} frees the parameters.
 */
public final class ShardLearner implements AutoCloseable {
    private final PipelineSpec spec;
    private final String lineage;
    private final int shard;
    private final Loss loss;
    private final long featureSetVersion;
    private final Indexer indexer;
    private final FeatureVector vector;
    private final Layout layout;
    private final Learner learner;
    private final NumericLearner numerics;
    private final PendingExamples pending = new PendingExamples();
    private final Instance instance = new Instance();
    private final Progress total;
    private final Progress window;
    private PredictionSink predictions = (at, prediction, label, importance) -> {};
    private long offset;
    private long cutOffset;
    private long examples;
    private long rejected;

    /** A shard that has learned nothing. */
    public ShardLearner(PipelineSpec spec, String lineage, int shard) {
        this.spec = spec;
        this.lineage = lineage;
        this.shard = shard;
        this.loss = spec.model().loss();
        this.featureSetVersion = spec.featureSet().version();
        this.layout = Layout.of(spec);
        this.indexer = new Indexer(spec, layout.firstFeature());
        this.vector = new FeatureVector(spec.featureSet());
        this.learner = Learner.of(spec);
        this.numerics = new NumericLearner(spec, layout, learner.table());
        this.total = new Progress(loss);
        this.window = new Progress(loss);
    }

    /**
     * Predicts an example, then learns it; a correction is learned only. The version moves past it in either case.
     *
     * @return why it could not be learned, if so: one that would make a number that is not finite leaves the parameters as
     *     they are
     * @throws IllegalArgumentException if the offset was passed before
     */
    public Optional<Problem> learn(long at, Example example) {
        checkOffset(at);
        Optional<Problem> problem = fill(at, example);
        if (problem.isEmpty()) {
            problem = update(example.getKind());
            pending.keep(learner.pending(), at, example);
        }
        if (problem.isPresent()) {
            rejected++;
        } else {
            examples++;
        }
        offset = at + 1;
        return problem;
    }

    private Optional<Problem> update(ExampleKind kind) {
        try {
            switch (kind) {
                case ORIGINAL -> {
                    learner.learn(instance, this::predicted);
                    numerics.observe(vector);
                }
                case CORRECTION -> {
                    learner.correct(instance, this::predicted);
                    total.addCorrection();
                    window.addCorrection();
                }
            }
            return Optional.empty();
        } catch (DivergedException e) {
            return Optional.of(e.problem());
        }
    }

    private void predicted(long at, double prediction, double label, double importance) {
        total.add(prediction, label, importance);
        window.add(prediction, label, importance);
        predictions.predicted(at, prediction, label, importance);
    }

    /** Moves the version past a record that is no example at all. */
    public void skip(long at) {
        checkOffset(at);
        rejected++;
        offset = at + 1;
    }

    private void checkOffset(long at) {
        if (at < offset) {
            throw new IllegalArgumentException(
                    "offset: " + at + " in shard " + shard + " (expected: at least " + offset + ")");
        }
    }

    private Optional<Problem> fill(long at, Example example) {
        if (example.getFeatureSetVersion() != featureSetVersion) {
            return problem(
                    "featureSetVersion",
                    Long.toHexString(example.getFeatureSetVersion()),
                    Long.toHexString(featureSetVersion) + " of "
                            + spec.featureSet().name());
        }
        double weight = example.getWeight();
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            return problem("weight", Double.toString(weight), "a finite number of at least 0");
        }
        Optional<Problem> wrong = checkReward("reward", example.getReward());
        if (wrong.isPresent()) {
            return wrong;
        }
        if (example.getKind() == ExampleKind.CORRECTION) {
            Double replaced = example.getReplacedReward();
            if (replaced == null || !Double.isFinite(replaced)) {
                return problem(
                        "replacedReward", String.valueOf(replaced), "the finite label of which it is a correction");
            }
            instance.replacing(loss, replaced, weight);
        }
        try {
            vector.unpack(example.getFeatures().duplicate());
        } catch (MalformedVectorException e) {
            return problem(
                    "features",
                    String.valueOf(e.getMessage()),
                    "a vector of " + spec.featureSet().name());
        }
        indexer.index(vector, numerics, instance.vector());
        instance.rewarded(loss, example.getReward(), weight)
                .at(at, example.getDecisionTimeMicros() + example.getLabelDelayMicros());
        return Optional.empty();
    }

    private Optional<Problem> checkReward(String name, double reward) {
        if (!Double.isFinite(reward)) {
            return problem(name, Double.toString(reward), "a finite number");
        }
        if (loss == Loss.POISSON && reward < 0) {
            return problem(name, Double.toString(reward), "a count of at least 0, for Poisson loss");
        }
        return Optional.empty();
    }

    private static Optional<Problem> problem(String name, String value, String expected) {
        return Optional.of(new Problem(name, value, expected));
    }

    /** What changed since the last cut; empty where the version did not move. */
    public Optional<WeightDelta> cut() {
        if (offset == cutOffset) {
            return Optional.empty();
        }
        learner.flush();
        ParameterTable.Changes changes = learner.table().settle();
        WeightDelta delta = new WeightDelta(
                spec.pipeline(),
                lineage,
                shard,
                cutOffset,
                offset,
                learner.table().rows(),
                learner.table().served(),
                changes.rows(),
                changes.values(),
                digest(),
                examples);
        cutOffset = offset;
        return Optional.of(delta);
    }

    /** What goes before copies of the blocks, to go on from at this offset. */
    public SnapshotHeader header() {
        return SnapshotHeader.newBuilder()
                .setModel(spec.pipeline())
                .setLineage(lineage)
                .setSpec(Lineage.canonicalSpec(spec))
                .setShard(shard)
                .setOffset(offset)
                .setDigest(digest())
                .setExamples(examples)
                .setRejected(rejected)
                .setLearner(spec.model().learner().text())
                .setLoss(loss.text())
                .setRows(learner.table().rows())
                .setColumns(layout.columns())
                .setServed(layout.served())
                .setPending(pending.copy())
                .setProgress(total.state())
                .build();
    }

    /** Copies of the blocks that changed since the last call. */
    public List<RowBlock> takeDirtyBlocks() {
        learner.flush();
        return learner.table().takeDirtyBlocks();
    }

    /** Copies of all blocks that are not zero. */
    public List<RowBlock> copyBlocks() {
        learner.flush();
        return learner.table().copyBlocks();
    }

    /**
     * Goes on from a copy; to be called on a shard that has learned nothing. The next delta begins at the copy's offset; the
     * window begins anew.
     *
     * @throws IllegalArgumentException if the copy is another shard's, lineage's or learner's, or its digest does not fit
     */
    public void restore(SnapshotHeader header, Iterable<RowBlock> blocks) {
        expect("lineage", header.getLineage(), lineage);
        expect("shard", header.getShard(), shard);
        takeOver(header, blocks);
        for (PendingExample waiting : header.getPending()) {
            Example example = pending.decode(waiting);
            fill(waiting.getOffset(), example);
            update(example.getKind());
            pending.keep(learner.pending(), waiting.getOffset(), example);
        }
        offset = header.getOffset();
        cutOffset = offset;
        examples = header.getExamples();
        rejected = header.getRejected();
        total.restore(header.getProgress());
    }

    /**
     * Starts from what another lineage learned, at offset 0; to be called on a shard that has learned nothing. Progressive
     * validation begins anew. The base is what every reader has at offset 0: deltas hold what changed since.
     *
     * @throws IllegalArgumentException if the copy is another learner's, or its digest does not fit
     */
    public void start(SnapshotHeader header, Iterable<RowBlock> blocks) {
        takeOver(header, blocks);
    }

    private void takeOver(SnapshotHeader header, Iterable<RowBlock> blocks) {
        expect("columns", header.getColumns(), layout.columns());
        expect("rows", header.getRows(), learner.table().rows());
        expect("offset before restoring", offset, 0L);
        float[] rows = new float[RowBlock.ROWS * learner.table().columns()];
        for (RowBlock block : blocks) {
            block.unpack(rows, learner.table().columns());
            learner.table().restore(block.number(), rows);
        }
        expect("digest", Digest.text(learner.table().digest()), header.getDigest());
        learner.reload();
    }

    private static void expect(String name, Object value, Object expected) {
        if (!value.equals(expected)) {
            throw new IllegalArgumentException(new Problem(name, value.toString(), expected.toString()).toString());
        }
    }

    /** Has every progressive prediction told to a sink from now on. */
    public void onPrediction(PredictionSink sink) {
        predictions = sink;
    }

    /** Figures of the learner's own, by name. */
    public Map<String, Double> figures() {
        return learner.figures();
    }

    public int shard() {
        return shard;
    }

    /** Offset of the first example not yet learned. */
    public long offset() {
        return offset;
    }

    /** Examples and corrections learned. */
    public long examples() {
        return examples;
    }

    /** Records that could not be learned. */
    public long rejected() {
        return rejected;
    }

    /** Digest of parameters and optimiser state, 16 hex digits. */
    public String digest() {
        learner.flush();
        return Digest.text(learner.table().digest());
    }

    /** Progressive validation since the lineage began. */
    public Progress total() {
        return total;
    }

    /** Progressive validation since whoever reads it cleared it last, or since a restart. */
    public Progress window() {
        return window;
    }

    @Override
    public void close() {
        learner.close();
    }
}
