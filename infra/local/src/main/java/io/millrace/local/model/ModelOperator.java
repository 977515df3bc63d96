package io.millrace.local.model;

import io.millrace.features.change.Effect;
import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.ModelImport;
import io.millrace.local.StartException;
import io.millrace.local.verify.NearestBase;
import io.millrace.local.verify.TopicLog;
import io.millrace.local.verify.Verification;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Manifests;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.learn.ConvertedModel;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureTranslation;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Changes what an operator wants of a model. Each change is one record; whoever learns or serves follows it by itself. Used by
 * one thread.
 */
public final class ModelOperator {
    /** A join and so many models have a slot each in a process of one task manager with four, or of two with two. */
    private static final int MOST_LINEAGES = 3;

    private final KafkaSettings kafka;
    private final Optional<URI> store;
    private final Optional<String> model;
    private final Clock clock;
    private final Consumer<String> tell;

    /**
     * @param store where base snapshots are kept, if that is known
     * @param model its name, where the topics have several
     * @param tell is told how far it is
     */
    public ModelOperator(
            KafkaSettings kafka, Optional<URI> store, Optional<String> model, Clock clock, Consumer<String> tell) {
        this.kafka = kafka;
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.tell = tell;
    }

    /** What there is, as a table for people. */
    public ModelList list() throws StartException, InterruptedException {
        return ModelList.of(KnownModel.read(kafka, model));
    }

    /** Has serving stay at a version of the live lineage; returns it. */
    public ShardBase pin(Optional<Long> wanted) throws StartException, IOException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        String lineage = live(known);
        long version = wanted.or(() -> known.version(lineage))
                .orElseThrow(() -> new StartException(
                        "version: missing (expected: one that was published; lineage " + lineage + " has none yet)"));
        ShardBase pinned;
        try (Verification verification = verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, lineage)) {
            ShardLearner learner = rebuilt.learner();
            BaseName name = new BaseName(known.name(), lineage + "-pinned", 0, learner.offset());
            pinned = write(name, learner.header(), learner.copyBlocks());
        }
        change(known, "pin " + version, control -> control.setPinned(pinned));
        return pinned;
    }

    /** Has serving follow the newest version again. */
    public void unpin() throws StartException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        if (known.control().map(ModelControl::getPinned).isEmpty()) {
            throw new StartException("pinned: nothing (expected: a version at which serving stays)");
        }
        change(known, "unpin", control -> control.setPinned(null));
    }

    /**
     * Has a lineage learn nothing for now, or go on; serving is not concerned.
     *
     * @param wanted how its name begins; empty for the live one
     * @return the lineage
     */
    public String freeze(Optional<String> wanted, boolean frozen) throws StartException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        String lineage = wanted.isPresent() ? known.lineage(wanted.get()) : live(known);
        change(known, (frozen ? "freeze " : "thaw ") + lineage, control -> {
            List<LineagePlan> plans = new ArrayList<>();
            for (LineagePlan plan : control.getLineages()) {
                plans.add(
                        plan.getLineage().equals(lineage)
                                ? LineagePlan.newBuilder(plan).setFrozen(frozen).build()
                                : plan);
            }
            if (plans.stream().noneMatch(plan -> plan.getLineage().equals(lineage))) {
                throw new WrongChange("lineage: " + lineage + " is not learned (expected: one of "
                        + plans.stream().map(LineagePlan::getLineage).toList() + ")");
            }
            control.setLineages(plans);
        });
        return lineage;
    }

    /**
     * Learns beside the live model one that never saw a stretch of the log. It begins with the newest base before it, where there
     * is one.
     *
     * @return the new lineage
     */
    public LineagePlan rebuild(int shard, LogRange without) throws StartException, IOException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        LineagePlan parent = plan(known, live(known));
        TopicLog.Extent extent = extent(known, shard);
        LogRange range = without.within(new TopicLog(kafka), extent);
        LearnJobSettings settings = without(parent, shard, range.from(), range.to());
        SnapshotStore files = files();
        List<ShardBase> start = new ArrayList<>();
        for (TopicLog.Extent each : known.log()) {
            long atMost = each.partition() == shard ? range.from() : Long.MAX_VALUE;
            Optional<RootBase.Content> base =
                    NearestBase.find(files, known.name(), parent.getLineage(), each.partition(), atMost);
            if (base.isPresent()) {
                start.add(take(settings, base.get().header(), base.get().blocks()));
            } else if (parent.getRoot() != null || each.begin() > 0) {
                throw new StartException("rebuild: no base of lineage " + parent.getLineage() + " at offset "
                        + range.from() + " or before (expected: one in " + store.orElseThrow()
                        + ", since the log alone does not give it)");
            }
        }
        LineagePlan plan = Plans.of(settings.startingWith(start));
        change(known, "rebuild " + plan.getLineage() + " without " + range, control -> add(control, plan, false));
        return plan;
    }

    /**
     * Goes back to a version of the live lineage, as if what came after had never been written, and learns on from what comes from
     * now on.
     *
     * @return the new lineage, which serves at once
     */
    public LineagePlan rollback(long version, boolean frozen) throws StartException, IOException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        LineagePlan parent = plan(known, live(known));
        TopicLog.Extent extent = extent(known, 0);
        if (version >= extent.end()) {
            throw new StartException(new Problem(
                            "version",
                            Long.toString(version),
                            "one before the log's end, " + extent.end() + ": a model to go back to")
                    .toString());
        }
        LearnJobSettings settings = without(parent, 0, version, extent.end());
        ShardBase start;
        try (Verification verification = verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, parent.getLineage())) {
            start = take(settings, rebuilt.learner().header(), rebuilt.learner().copyBlocks());
        }
        LineagePlan plan = Plans.of(settings.startingWith(List.of(start)));
        plan.setFrozen(frozen);
        publish(Manifests.of(settings, List.of(start), nowMicros()));
        change(
                known,
                "rollback to " + version,
                control -> add(control, plan, true).setPinned(null));
        return plan;
    }

    /**
     * Brings a changed spec in: learns by it beside the live model, as its {@linkplain SpecDiff#effect() effect} allows.
     *
     * @param yaml the changed spec, which its author calls {@code source}
     * @param fromNow has it know nothing and learn from what comes from now on, where the log cannot be learned
     */
    public Applied apply(String yaml, String source, boolean fromNow)
            throws StartException, IOException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        LineagePlan parent = plan(known, live(known));
        PipelineSpec before = SpecReader.read(parent.getSpec(), "the live model's spec");
        PipelineSpec after = SpecReader.read(yaml, source);
        if (!before.pipeline().equals(after.pipeline())) {
            throw new StartException(
                    new Problem("pipeline of " + source, after.pipeline(), before.pipeline()).toString());
        }
        SpecDiff diff = SpecDiff.of(before, after);
        if (diff.effect() == Effect.HARMLESS) {
            return new Applied(diff, Optional.empty());
        }
        if (!diff.effect().keepsLog() && !fromNow) {
            throw new StartException(diff.of(Effect.IMPOSSIBLE).stream()
                            .map(change -> new Problem(
                                            change.path() + " of " + source,
                                            String.valueOf(change.after()),
                                            change.before() + "; " + change.reason())
                                    .toString())
                            .collect(Collectors.joining("\n"))
                    + "\nGive it another name, so that both can be told apart, or forget the log with --from-now.");
        }
        LearnJobSettings blank =
                LearnJobSettings.lookUp(kafka, after, storeUri()).withSpecText(yaml);
        LearnJobSettings settings = fromNow
                ? blank.without(all(known))
                : diff.effect().keepsWeights()
                        ? continuing(known, parent, diff, blank)
                        : blank.reading(older(known, after)).without(learnable(parent));
        if (settings.lineage().equals(parent.getLineage())) {
            throw new StartException("lineage: " + settings.lineage() + " is live already (expected: another spec)");
        }
        LineagePlan plan = Plans.of(settings);
        change(
                known,
                "spec apply: " + diff.effect().text() + ", lineage " + plan.getLineage(),
                control -> add(control, plan, false));
        return new Applied(diff, Optional.of(plan));
    }

    /**
     * What a changed spec came to.
     *
     * @param plan of the lineage that is learned by it; none where the live one stays
     */
    public record Applied(SpecDiff diff, Optional<LineagePlan> plan) {}

    /** A lineage whose root is the live model as it is now. */
    private LearnJobSettings continuing(KnownModel known, LineagePlan parent, SpecDiff diff, LearnJobSettings blank)
            throws StartException, IOException, InterruptedException {
        if (known.log().size() != 1) {
            throw new StartException(
                    "shards: " + known.log().size() + " (expected: 1, where a lineage starts from the live model)");
        }
        long version = known.version(parent.getLineage()).orElse(0L);
        List<FeatureSet> older = older(known, diff.after());
        if (version == 0) {
            return blank.reading(older).without(learnable(parent));
        }
        try (Verification verification = verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, parent.getLineage())) {
            ShardLearner learner = rebuilt.learner();
            long offset = learner.offset();
            ConvertedModel converted = ConvertedModel.of(diff, learner.header(), learner.copyBlocks());
            SnapshotHeader root = SnapshotHeader.newBuilder(converted.header())
                    .setPending(List.of())
                    .build();
            LearnJobSettings unplaced = blank.reading(older)
                    .withRoot(new RootBase("", root.getDigest()))
                    .without(Exclusions.NONE.and(0, 0, offset));
            try (ShardLearner begun = unplaced.learner(0)) {
                begun.start(root, converted.blocks());
                ShardBase first = take(unplaced, begun.header(), begun.copyBlocks());
                begun.passOver(offset - 1);
                ShardBase start = take(unplaced, begun.header(), begun.copyBlocks());
                return unplaced.withRoot(new RootBase(first.getUri(), first.getDigest()))
                        .startingWith(List.of(start));
            }
        }
    }

    /** What a lineage that learns the whole log passes over: not what its parent's root had learned. */
    private static Exclusions learnable(LineagePlan parent) {
        return Exclusions.of(parent.getExcluded().stream()
                .filter(range -> parent.getRoot() == null || range.getFrom() > 0)
                .toList());
    }

    private static Exclusions all(KnownModel known) {
        Exclusions all = Exclusions.NONE;
        for (TopicLog.Extent extent : known.log()) {
            if (extent.end() > 0) {
                all = all.and(extent.partition(), 0, extent.end());
            }
        }
        return all;
    }

    /** Every other feature set that the model has had, as far as its examples can be translated. */
    private static List<FeatureSet> older(KnownModel known, PipelineSpec after) {
        FeatureSet own = after.featureSet();
        return known.featureSets().stream()
                .filter(set -> set.version() != own.version())
                .filter(set -> FeatureTranslation.problems(set, own).isEmpty())
                .toList();
    }

    /**
     * Has another lineage serve.
     *
     * @param wanted how its name begins
     * @return the lineage
     */
    public String switchTo(String wanted) throws StartException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        String lineage = known.lineage(wanted);
        if (known.manifest(lineage).isEmpty()) {
            throw new StartException("lineage: " + lineage
                    + " has published nothing yet (expected: a model that can serve; wait for its first version)");
        }
        LineagePlan plan = plan(known, lineage);
        change(
                known,
                "switch to " + lineage,
                control -> add(control, plan, true).setPinned(null));
        return lineage;
    }

    /**
     * Has a lineage beside the live one no longer be learned. What it learned is kept.
     *
     * @param wanted how its name begins
     * @return the lineage
     */
    public String drop(String wanted) throws StartException, InterruptedException {
        KnownModel known = KnownModel.read(kafka, model);
        String lineage = known.lineage(wanted);
        if (lineage.equals(live(known))) {
            throw new StartException("lineage: " + lineage + " is live (expected: another; switch first)");
        }
        if (known.plan(lineage).isEmpty()) {
            throw new StartException("lineage: " + lineage + " is not learned (expected: one that is)");
        }
        change(
                known,
                "drop " + lineage,
                control -> control.setLineages(control.getLineages().stream()
                        .filter(plan -> !plan.getLineage().equals(lineage))
                        .toList()));
        return lineage;
    }

    /** Has one lineage, and no other, be learned and serve from the next start on: a model that was imported. */
    public static void replace(KafkaSettings kafka, LearnJobSettings settings, String reason, long nowMicros)
            throws InterruptedException {
        String name = settings.spec().pipeline();
        LineagePlan plan = Plans.of(settings);
        ModelControls.<RuntimeException>change(
                kafka,
                name,
                current -> ModelControl.newBuilder()
                        .setModel(name)
                        .setRevision(0)
                        .setLive(plan.getLineage())
                        .setLineages(List.of(plan))
                        .setReason(reason)
                        .setTimeMicros(nowMicros)
                        .build());
    }

    /** Adds a lineage to those that are learned. */
    private static ModelControl.Builder add(ModelControl.Builder control, LineagePlan plan, boolean live) {
        List<LineagePlan> plans = new ArrayList<>(control.getLineages());
        if (plans.stream().noneMatch(known -> known.getLineage().equals(plan.getLineage()))) {
            if (plans.size() >= MOST_LINEAGES) {
                throw new WrongChange(new Problem(
                                "lineages that are learned",
                                plans.stream().map(LineagePlan::getLineage).toList() + " and another",
                                "at most " + MOST_LINEAGES + "; drop one")
                        .toString());
            }
            plans.add(plan);
        }
        control.setLineages(plans);
        if (live) {
            control.setLive(plan.getLineage());
        }
        return control;
    }

    private LearnJobSettings without(LineagePlan parent, int shard, long from, long to)
            throws StartException, InterruptedException {
        LearnJobSettings settings = settings(parent);
        Exclusions next = settings.without().and(shard, from, to);
        if (next.equals(settings.without())) {
            throw new StartException(
                    new Problem("range", from + ".." + to, "one that the lineage does not pass over already: " + next)
                            .toString());
        }
        return settings.without(next);
    }

    private LearnJobSettings settings(LineagePlan plan) throws StartException, InterruptedException {
        try {
            return Plans.settings(plan, kafka, storeUri());
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A copy under the new lineage's name of what is, up to its offset, the same. */
    private ShardBase take(LearnJobSettings settings, SnapshotHeader header, List<RowBlock> blocks)
            throws StartException, IOException {
        SnapshotHeader own =
                SnapshotHeader.newBuilder(header).setLineage(settings.lineage()).build();
        return write(new BaseName(own.getModel(), own.getLineage(), own.getShard(), own.getOffset()), own, blocks);
    }

    private ShardBase write(BaseName name, SnapshotHeader header, List<RowBlock> blocks)
            throws StartException, IOException {
        SnapshotStore.Stored stored = files().write(name, out -> BaseSnapshot.write(out, header, blocks));
        return ShardBase.newBuilder()
                .setShard(header.getShard())
                .setOffset(header.getOffset())
                .setDigest(header.getDigest())
                .setUri(stored.uri())
                .setChecksum(stored.checksum())
                .build();
    }

    private void publish(Manifest manifest) {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    kafka.name(Topic.MODEL_MANIFESTS),
                    Manifests.key(manifest).getBytes(StandardCharsets.UTF_8),
                    Codec.of(Manifest.class).encode(manifest)));
        }
    }

    private static String live(KnownModel known) throws StartException {
        return known.live()
                .orElseThrow(() -> new StartException("model " + known.name()
                        + ": nothing has been learned yet (expected: a first manifest or plan)"));
    }

    private static TopicLog.Extent extent(KnownModel known, int shard) throws StartException {
        if (shard < 0 || shard >= known.log().size()) {
            throw new StartException(new Problem(
                            "--shard",
                            Integer.toString(shard),
                            "0 to " + (known.log().size() - 1))
                    .toString());
        }
        return known.log().get(shard);
    }

    /** What a lineage is learned by, from the operator's topic or from its own manifest. */
    private LineagePlan plan(KnownModel known, String lineage) throws StartException {
        Optional<LineagePlan> plan = known.plan(lineage);
        if (plan.isPresent()) {
            return plan.get();
        }
        Manifest manifest = known.manifest(lineage).orElse(null);
        if (manifest == null || manifest.getSpecText() == null) {
            throw new StartException("lineage: " + lineage
                    + " has no plan, and no manifest that holds its spec (expected: either, to learn it by)");
        }
        String root = manifest.getRoot();
        return LineagePlan.newBuilder()
                .setLineage(lineage)
                .setSpec(manifest.getSpecText())
                .setRoot(root)
                .setRootUri(root == null ? null : ModelImport.uri(storeUri(), root))
                .setExcluded(manifest.getExcluded())
                .setFeatureSets(manifest.getFeatureSets())
                .setStart(manifest.getBases().stream()
                        .filter(base -> base.getUri() != null)
                        .toList())
                .build();
    }

    private Verification verification() {
        return new Verification(kafka, store, Optional.empty(), System::nanoTime, tell);
    }

    private URI storeUri() throws StartException {
        return store.orElseThrow(() -> new StartException(
                Problem.missing("--store", "where base snapshots are kept").toString()));
    }

    private SnapshotStore files() throws StartException {
        return SnapshotStore.of(storeUri());
    }

    private static final class WrongChange extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongChange(String message) {
            super(message);
        }
    }

    /** Writes the next control; the first one begins with what is live. */
    private void change(KnownModel known, String reason, Consumer<ModelControl.Builder> change)
            throws StartException, InterruptedException {
        String live = live(known);
        LineagePlan plan = plan(known, live);
        try {
            ModelControls.<StartException>change(kafka, known.name(), current -> {
                ModelControl.Builder next = current.map(ModelControl::newBuilder)
                        .orElseGet(() -> ModelControl.newBuilder()
                                .setModel(known.name())
                                .setRevision(0)
                                .setLive(live)
                                .setLineages(List.of(plan)))
                        .setReason(reason)
                        .setTimeMicros(nowMicros());
                change.accept(next);
                return next.build();
            });
        } catch (WrongChange e) {
            throw new StartException(e.getMessage(), e);
        } catch (ProducerFencedException e) {
            throw new StartException(
                    "model " + known.name()
                            + ": another change was begun meanwhile, so nothing was changed (expected: one at"
                            + " a time; look at 'millrace model list' and say it again)",
                    e);
        }
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
