package io.millrace.local.model;

import io.millrace.local.ModelImport;
import io.millrace.local.StartException;
import io.millrace.local.log.TopicLog;
import io.millrace.local.verify.Verification;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Manifests;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
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
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What all that is done to a model needs: its topics, its files, and the one way to change what is wanted of it. */
final class ModelAccess {
    /** A join and so many models have a slot each in a process of one task manager with four, or of two with two. */
    private static final int MOST_LINEAGES = 3;

    private final KafkaSettings kafka;
    private final Optional<URI> store;
    private final Optional<String> model;
    private final Clock clock;
    private final Consumer<String> tell;

    ModelAccess(KafkaSettings kafka, Optional<URI> store, Optional<String> model, Clock clock, Consumer<String> tell) {
        this.kafka = kafka;
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.tell = tell;
    }

    KafkaSettings kafka() {
        return kafka;
    }

    KnownModel known() throws StartException, InterruptedException {
        return KnownModel.read(kafka, model);
    }

    LearnJobSettings settings(LineagePlan plan) throws StartException, InterruptedException {
        try {
            return Plans.settings(plan, kafka, storeUri());
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A copy under the new lineage's name of what is, up to its offset, the same. */
    ShardBase take(LearnJobSettings settings, SnapshotHeader header, List<RowBlock> blocks)
            throws StartException, IOException {
        SnapshotHeader own =
                SnapshotHeader.newBuilder(header).setLineage(settings.lineage()).build();
        return write(new BaseName(own.getModel(), own.getLineage(), own.getShard(), own.getOffset()), own, blocks);
    }

    ShardBase write(BaseName name, SnapshotHeader header, List<RowBlock> blocks) throws StartException, IOException {
        SnapshotStore.Stored stored = files().write(name, out -> BaseSnapshot.write(out, header, blocks));
        return ShardBase.newBuilder()
                .setShard(header.getShard())
                .setOffset(header.getOffset())
                .setDigest(header.getDigest())
                .setUri(stored.uri())
                .setChecksum(stored.checksum())
                .build();
    }

    /** @throws StartException if it was not written */
    void publish(Manifest manifest) throws StartException, InterruptedException {
        String topic = kafka.name(Topic.MODEL_MANIFESTS);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topic,
                            Manifests.key(manifest).getBytes(StandardCharsets.UTF_8),
                            Codec.of(Manifest.class).encode(manifest)))
                    .get();
        } catch (ExecutionException e) {
            throw new StartException(
                    topic + ": " + e.getCause().getMessage() + " (expected: to take the manifest; nothing is switched)",
                    e);
        }
    }

    static String live(KnownModel known) throws StartException {
        return known.live()
                .orElseThrow(() -> new StartException("model " + known.name()
                        + ": nothing has been learned yet (expected: a first manifest or plan)"));
    }

    static TopicLog.Extent extent(KnownModel known, int shard) throws StartException {
        if (shard < 0 || shard >= known.log().size()) {
            throw new StartException(new Problem(
                            "--shard",
                            Integer.toString(shard),
                            "0 to " + (known.log().size() - 1))
                    .toString());
        }
        return known.log().get(shard);
    }

    /** What a lineage that learns the whole log anew passes over: not what its parent's root had learned. */
    static Exclusions learnable(LineagePlan parent) {
        return Exclusions.of(parent.getExcluded().stream()
                .filter(range -> parent.getRoot() == null || range.getFrom() > 0)
                .toList());
    }

    /** Whether a lineage starts from a model that was brought here, not from one that learned this log. */
    boolean isImported(LineagePlan plan) throws StartException {
        return plan.getRoot() != null
                && ModelImport.uri(storeUri(), plan.getRoot()).equals(plan.getRootUri());
    }

    /** What a lineage is learned by, from the operator's topic or from its own manifest. */
    LineagePlan plan(KnownModel known, String lineage) throws StartException {
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
                .setErased(manifest.getErased())
                .setStart(manifest.getBases().stream()
                        .filter(base -> base.getUri() != null)
                        .toList())
                .build();
    }

    Verification verification() {
        return new Verification(kafka, store, Optional.empty(), System::nanoTime, tell);
    }

    URI storeUri() throws StartException {
        return store.orElseThrow(() -> new StartException(
                Problem.missing("--store", "where base snapshots are kept").toString()));
    }

    SnapshotStore files() throws StartException {
        return SnapshotStore.of(storeUri());
    }

    /** Looks, before anything is written, whether another lineage can be learned. */
    static void checkRoom(KnownModel known) throws StartException {
        Optional<Problem> problem = known.control().flatMap(control -> noRoom(control.getLineages()));
        if (problem.isPresent()) {
            throw new StartException(problem.get().toString());
        }
    }

    private static Optional<Problem> noRoom(List<LineagePlan> plans) {
        return plans.size() < MOST_LINEAGES
                ? Optional.empty()
                : Optional.of(new Problem(
                        "lineages that are learned",
                        plans.stream().map(LineagePlan::getLineage).toList() + " and another",
                        "at most " + MOST_LINEAGES + "; drop one"));
    }

    /** Adds a lineage to those that are learned. */
    static ModelControl.Builder add(ModelControl.Builder control, LineagePlan plan, boolean live) {
        List<LineagePlan> plans = new ArrayList<>(control.getLineages());
        if (plans.stream().noneMatch(known -> known.getLineage().equals(plan.getLineage()))) {
            noRoom(plans).ifPresent(problem -> {
                throw new WrongChange(problem.toString());
            });
            plans.add(plan);
        }
        control.setLineages(plans);
        if (live) {
            control.setLive(plan.getLineage());
        }
        return control;
    }

    /** Writes the next control; the first one begins with what is live. */
    void change(KnownModel known, String reason, Consumer<ModelControl.Builder> change)
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

    long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
