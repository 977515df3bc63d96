package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Erasure;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.ids.IdRows;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.PendingExample;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureTranslation;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.ExampleView;
import io.millrace.wire.Problem;
import io.millrace.wire.WireException;
import java.nio.ByteBuffer;
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
    private final Layout layout;
    private final Learner learner;
    private final IdRows ids;
    private final NumericLearner numerics;
    private final PendingExamples pending = new PendingExamples();
    private final ExampleReader reader;
    private final ErasedSubjects erased;
    private final Instance direct = new Instance();
    private Instance instance = direct;
    private final PredictionSink validation = this::predicted;
    private final Progress total;
    private final Progress window;
    private PredictionSink predictions = (at, prediction, label, importance) -> {};
    private LossSink losses = (loss, importance) -> {};
    private long offset;
    private long cutOffset;
    private long examples;
    private long rejected;
    private long fault;

    /** A shard that has learned nothing. */
    public ShardLearner(PipelineSpec spec, String lineage, int shard) {
        this(spec, List.of(), lineage, shard);
    }

    /**
     * The same where the log holds examples of older feature sets, too: they are learned as if the spec's feature set had been
     * logged, without the features that they do not have.
     *
     * @param older the older feature sets, in any order: what is learned depends on which are among them
     * @throws IllegalArgumentException if examples of one of them cannot be {@link FeatureTranslation translated}
     */
    public ShardLearner(PipelineSpec spec, List<FeatureSet> older, String lineage, int shard) {
        this(spec, older, Erasures.NONE, lineage, shard);
    }

    /**
     * The same of a lineage that passes subjects over, which it may do from the log's beginning on.
     *
     * @param erased whoever is erased in the log comes to these
     */
    public ShardLearner(PipelineSpec spec, List<FeatureSet> older, Erasures erased, String lineage, int shard) {
        OlderFeatures translated = new OlderFeatures(older, spec.featureSet());
        this.spec = spec;
        this.lineage = lineage;
        this.shard = shard;
        this.loss = spec.model().loss();
        this.layout = Layout.of(spec);
        this.learner = Learner.of(spec);
        this.ids = IdRows.of(spec, layout, learner.table());
        this.numerics = new NumericLearner(spec, layout, learner.table());
        this.reader = new ExampleReader(spec, translated, layout.firstFeature(), numerics);
        this.erased = new ErasedSubjects(erased);
        this.total = new Progress(loss);
        this.window = new Progress(loss);
    }

    /**
     * Predicts an example, then learns it; a correction is learned only. The version moves past it in either case.
     *
     * @return why it could not be learned, if so: one that would make a number that is not finite leaves the parameters as
     *     they are; where the last example of a mini-batch could not, the others could not either
     * @throws IllegalArgumentException if the offset was passed before
     */
    public Optional<Problem> learn(long at, Example example) {
        checkOffset(at);
        return learn(at, reader.read(example));
    }

    /**
     * The same from a record's bytes, of which {@code length} from {@code from} on count: several times faster than to decode
     * it first.
     *
     * @throws WireException if they are no example that was written with a schema of the catalogue; the version has not moved
     */
    public Optional<Problem> learn(long at, byte[] record, int from, int length) {
        checkOffset(at);
        return learn(at, reader.read(record, from, length));
    }

    private Optional<Problem> learn(long at, ReadExample read) {
        if (erased.passOver(read)) {
            offset = at + 1;
            return Optional.empty();
        }
        Optional<Problem> problem = Optional.ofNullable(read.problem());
        if (problem.isEmpty()) {
            ExampleView view = read.view();
            instance = read.instance().at(at, view.decisionTimeMicros() + view.labelDelayMicros());
            problem = update(view.kind(), read.features());
            count(problem);
            pending.keep(learner.pending(), at, view);
        } else {
            rejected++;
        }
        offset = at + 1;
        return problem;
    }

    /**
     * The same of an original example that is unpacked.
     *
     * @param features a vector of the spec's feature set; it stays the caller's
     * @param timeMicros event time at which the label was known
     */
    public Optional<Problem> learn(long at, FeatureVector features, double reward, double weight, long timeMicros) {
        checkOffset(at);
        Optional<Problem> problem = Optional.ofNullable(reader.check(reward, weight));
        if (problem.isEmpty()) {
            instance = direct.rewarded(loss, reward, weight).at(at, timeMicros);
            reader.index(features, direct.vector());
            problem = update(ExampleKind.ORIGINAL, features);
            count(problem);
            int waiting = learner.pending();
            if (waiting > 0 || pending.size() > 0) {
                pending.keep(waiting, at, PendingExamples.example(features, reward, weight, timeMicros));
            }
        } else {
            rejected++;
        }
        offset = at + 1;
        return problem;
    }

    /** A mini-batch that could not be learned takes those with it that waited for it. */
    private void count(Optional<Problem> problem) {
        if (problem.isPresent()) {
            rejected += 1 + pending.size();
            examples -= pending.size();
        } else {
            examples++;
        }
    }

    /** What the model would predict now, on the scale of the loss; nothing is learned or counted. */
    public double predict(FeatureVector features) {
        instance = direct;
        reader.index(features, direct.vector());
        ids.find(direct.vector());
        return learner.predict(instance);
    }

    /** Tells what is predicted for the examples whose mini-batch is not full yet, before {@link #onPrediction} does. */
    public void tellPending(PredictionSink sink) {
        pending.forEach((at, example) -> {
            instance = reader.read(example, 0, example.length).instance();
            ids.find(instance.vector());
            sink.predicted(at, learner.predict(instance), instance.label(), instance.importance());
        });
    }

    /** How many elements the model saw in the example before, the constant among them. */
    public int elements() {
        return instance.vector().size();
    }

    private Optional<Problem> update(ExampleKind kind, FeatureVector features) {
        try {
            switch (kind) {
                case ORIGINAL -> {
                    numerics.note(features);
                    learnOriginal();
                }
                case CORRECTION -> {
                    ids.findKnown(instance.vector());
                    learner.correct(instance, validation);
                    total.addCorrection();
                    window.addCorrection();
                }
            }
            ids.learned(learner.pending());
            if (learner.pending() == 0) {
                numerics.commit();
            }
            return Optional.empty();
        } catch (DivergedException e) {
            ids.undo();
            numerics.discard();
            fault = e.offset();
            return Optional.of(e.problem());
        }
    }

    private void learnOriginal() {
        ids.place(instance.vector(), instance.timeMicros());
        if (ids.isForgetting() && !learner.isBatching()) {
            // What is predicted is what serving says, which knows no time: by the weights before they are forgotten.
            double served = learner.predict(instance);
            ids.forget(instance.vector());
            learner.learn(instance, (at, prediction, label, importance) -> predicted(at, served, label, importance));
        } else {
            learner.learn(instance, validation);
        }
    }

    private void predicted(long at, double prediction, double label, double importance) {
        double lossOfIt = total.lossOf(prediction, label);
        total.add(prediction, label, importance, lossOfIt);
        window.add(prediction, label, importance, lossOfIt);
        predictions.predicted(at, prediction, label, importance);
        losses.lost(lossOfIt, importance);
    }

    /** Moves the version past a record that is no example at all. */
    public void skip(long at) {
        checkOffset(at);
        rejected++;
        offset = at + 1;
    }

    /** Learns no more of a subject than is learned already; its examples are passed over from here on. */
    public void erase(long at, Erasure erasure) {
        checkOffset(at);
        erased.erase(erasure);
        offset = at + 1;
    }

    /** Moves the version past a record that the lineage does not learn from. */
    public void passOver(long at) {
        checkOffset(at);
        offset = at + 1;
    }

    private void checkOffset(long at) {
        if (at < offset) {
            throw new IllegalArgumentException(
                    "offset: " + at + " in shard " + shard + " (expected: at least " + offset + ")");
        }
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
                learner.table().width(),
                changes.rows(),
                changes.values(),
                digest(),
                examples);
        cutOffset = offset;
        return Optional.of(delta);
    }

    /**
     * Leaves what changed to a later delta, which begins where this one would have: the version may not be shown. Checkpoints
     * cost what changed since the last call.
     */
    public void holdBack() {
        learner.flush();
        learner.table().holdBack();
    }

    /** Rows that were held back, ascending. */
    public int[] heldBack() {
        return learner.table().heldBack();
    }

    /**
     * Goes on with holding back: the next delta begins at an earlier version, and holds these rows, too. After a restart, or
     * to take back a delta that nobody has seen.
     *
     * @param from offset of the newest version that was published
     * @param rows that have changed since
     */
    public void holdBack(long from, int[] rows) {
        if (from < 0 || from > offset) {
            throw new IllegalArgumentException("from: " + from + " (expected: 0 to " + offset + ")");
        }
        learner.table().holdBack(rows);
        cutOffset = from;
    }

    /** Offset of the version that the last delta made: what is past it is not published. */
    public long cutOffset() {
        return cutOffset;
    }

    /** What goes before copies of the blocks, to go on from at this offset. */
    public SnapshotHeader header() {
        return erased.writeTo(SnapshotHeader.newBuilder())
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
                .setServed(layout.width())
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
            ByteBuffer bytes = waiting.getExample();
            byte[] record = new byte[bytes.remaining()];
            bytes.duplicate().get(record);
            ReadExample read = reader.read(record, 0, record.length);
            if (read.problem() != null) {
                throw new IllegalArgumentException(
                        "waiting example at offset " + waiting.getOffset() + ", " + read.problem());
            }
            ExampleView view = read.view();
            instance = read.instance().at(waiting.getOffset(), view.decisionTimeMicros() + view.labelDelayMicros());
            update(view.kind(), read.features());
            pending.keep(learner.pending(), waiting.getOffset(), view);
        }
        offset = header.getOffset();
        cutOffset = offset;
        examples = header.getExamples();
        rejected = header.getRejected();
        erased.restore(header);
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
        if (layout.isSize(header.getRows())
                && header.getRows() > learner.table().rows()) {
            learner.table().grow(header.getRows(), (before, row) -> before);
        }
        expect("rows", header.getRows(), learner.table().rows());
        expect("offset before restoring", offset, 0L);
        float[] rows = new float[RowBlock.ROWS * learner.table().columns()];
        for (RowBlock block : blocks) {
            block.unpack(rows, learner.table().columns());
            learner.table().restore(block.number(), rows);
        }
        expect("digest", Digest.text(learner.table().digest()), header.getDigest());
        ids.restored();
        learner.reload();
    }

    /**
     * Sets a row's weight to one that was learned elsewhere, with an optimiser's state that goes with it; to be called on a
     * shard that has learned nothing, once a row.
     *
     * @param row as the spec's indexer gives it; ids are hashed
     * @throws UnsupportedOperationException if a row is more to the learner than a weight
     * @throws IllegalArgumentException if the learner cannot hold such a prior
     */
    public void warmStart(int row, Prior prior) {
        expect("offset before a warm start", offset, 0L);
        expect("exact ids", spec.model().ids().exact(), false);
        learner.warmStart(row, prior);
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

    /** Has the loss of every progressive prediction told to a sink from now on. */
    public void onLoss(LossSink sink) {
        losses = sink;
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

    /** Erasures in the log, and examples that were passed over since their subject was erased. */
    public long passedOver() {
        return erased.passedOver();
    }

    /** Which example would have made a number that is not finite, when learning last failed so: of a mini-batch, the one at fault. */
    public long fault() {
        return fault;
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
