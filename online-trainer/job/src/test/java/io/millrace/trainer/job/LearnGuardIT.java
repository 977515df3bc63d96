package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Alert;
import io.millrace.record.Example;
import io.millrace.record.Manifest;
import io.millrace.record.Metric;
import io.millrace.record.Severity;
import io.millrace.record.ShardBase;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.guard.PublicationGuard;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels are flipped for a while, and the job is started anew while its versions are held back. */
class LearnGuardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 3;
    private static final int POISON = 3000;
    private static final int ANTIDOTE = 4500;
    private static final int EXAMPLES = 9000;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1.0}}
            model: {learner: ftrl, bits: 12, alpha: 0.1}
            snapshot: {every: 20ms, base: 1s, guard: {margin: 50%, window: 500}}
            """, "test");

    @TempDir
    private Path directory;

    private final List<Example> log = log();

    @Test
    void aModelGoneBadIsNotPublishedAndNothingIsMissingAfterwards() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "rocksdb")) {
            URI store = directory.resolve("bases").toUri();
            LearnJobSettings settings = LearnJobSettings.lookUp(kafka.settings(), SPEC, store)
                    .withCheckpointInterval(Duration.ofMillis(300));
            Alone alone = Alone.learn(log, settings.lineage());
            assertThat(alone.heldAt()).isBetween(POISON, POISON + 500);
            assertThat(alone.releasedAt()).isBetween(alone.heldAt() + 600, EXAMPLES - 1000);
            try (DeltaFollower follower = new DeltaFollower(kafka.settings(), SPEC, settings.lineage(), 1)) {
                cluster.submit(kafka.settings(), settings, 1, Optional.empty(), UnaryOperator.identity());
                send(kafka, 0, POISON);
                LearnCluster.await("the good examples", () -> follower.hasReached(POISON));
                send(kafka, POISON, alone.heldAt() + 100);
                long shown = awaitHeld(kafka, alone.heldAt() + 100);
                LearnCluster.await("all that is published", () -> follower.hasReached(shown));
                assertThat(follower.shard(0).offset()).isEqualTo(shown);
                assertThat(shown).isBetween((long) POISON, (long) alone.heldAt());
                Alert alert = alerts(kafka, 1).get(0);
                assertThat(alert.getSeverity()).isEqualTo(Severity.CRITICAL);
                assertThat(alert.getText())
                        .startsWith("shard 0, loss of the last 500 examples: ")
                        .contains(
                                "(expected: at most ",
                                "snapshot.guard.margin 50% above",
                                "versions after offset " + shown + " are not published",
                                "raise snapshot.guard.margin");

                cluster.awaitNewCheckpoint();
                Optional<Path> checkpoint = cluster.newestCheckpoint();
                cluster.cancel();
                cluster.submit(kafka.settings(), settings, 1, checkpoint, UnaryOperator.identity());
                send(kafka, alone.heldAt() + 100, alone.releasedAt() - 100);
                assertThat(awaitHeld(kafka, alone.releasedAt() - 100)).isEqualTo(shown);
                cluster.awaitNewCheckpoint();
                follower.hasReached(EXAMPLES);
                assertThat(follower.shard(0).offset()).isEqualTo(shown);
                assertThat(alerts(kafka, 2)).extracting(Alert::getSeverity).containsOnly(Severity.CRITICAL);
                assertThat(bases(kafka)).allMatch(base -> base.getOffset() <= shown);

                send(kafka, alone.releasedAt() - 100, EXAMPLES);
                LearnCluster.await("all examples", () -> follower.hasReached(EXAMPLES));
                assertThat(follower.shard(0).digest()).isEqualTo(alone.digest());
                assertSameWeights(follower.shard(0), alone.weights());
                assertThat(alerts(kafka, 3).get(2).getText()).contains("published again");
                BaseName last = new BaseName(SPEC.pipeline(), settings.lineage(), 0, EXAMPLES);
                LearnCluster.await("a base", () -> isThere(store, last));
                cluster.cancel();
            }
        }
    }

    /** What the pure core says: when versions are to be held back, and what is learned in the end. */
    private record Alone(int heldAt, int releasedAt, String digest, ModelSnapshot weights) {
        static Alone learn(List<Example> log, String lineage) {
            PublicationGuard guard = new PublicationGuard(SPEC.snapshot().guard());
            int heldAt = 0;
            int releasedAt = 0;
            try (ShardLearner learner = new ShardLearner(SPEC, lineage, 0)) {
                learner.onLoss(guard::add);
                for (int i = 0; i < log.size(); i++) {
                    boolean before = guard.isHeld();
                    learner.learn(i, log.get(i));
                    if (guard.isHeld() && !before) {
                        assertThat(heldAt).as("held once").isZero();
                        heldAt = i + 1;
                    } else if (before && !guard.isHeld()) {
                        releasedAt = i + 1;
                    }
                }
                ModelSnapshot all = ModelSnapshot.initial(SPEC, lineage, 0)
                        .apply(learner.cut().orElseThrow());
                return new Alone(heldAt, releasedAt, learner.digest(), all);
            }
        }
    }

    private void send(TestingKafka kafka, int from, int to) {
        Codec<Example> codec = Codec.of(Example.class);
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = from; i < to; i++) {
                producer.send(
                        new ProducerRecord<>(kafka.settings().name(Topic.EXAMPLES), 0, null, codec.encode(log.get(i))));
            }
        }
    }

    /** Waits until a metric says that offset is learned and held back, and returns what it says is published. */
    private static long awaitHeld(TestingKafka kafka, long offset) {
        Codec<Metric> codec = Codec.of(Metric.class);
        List<ConsumerRecord<byte[], byte[]>> read = kafka.read(
                Topic.METRICS,
                PATIENCE,
                records -> records.stream()
                        .map(each -> codec.decode(each.value()).getValues())
                        .anyMatch(values -> values.get("offset") == offset && values.get("held") == 1));
        Metric last = codec.decode(read.get(read.size() - 1).value());
        assertThat(last.getValues())
                .containsEntry("offset", (double) offset)
                .containsEntry("held", 1.0)
                .containsKeys("guard_loss", "guard_limit", "published");
        assertThat(last.getValues().get("guard_loss"))
                .isGreaterThan(last.getValues().get("guard_limit"));
        return last.getValues().get("published").longValue();
    }

    private static List<Alert> alerts(TestingKafka kafka, int count) {
        Codec<Alert> codec = Codec.of(Alert.class);
        return kafka.read(Topic.ALERTS, PATIENCE, records -> records.size() >= count).stream()
                .map(read -> codec.decode(read.value()))
                .toList();
    }

    private static List<ShardBase> bases(TestingKafka kafka) {
        Codec<Manifest> codec = Codec.of(Manifest.class);
        return kafka.read(Topic.MODEL_MANIFESTS, PATIENCE, records -> !records.isEmpty()).stream()
                .flatMap(read -> codec.decode(read.value()).getBases().stream())
                .toList();
    }

    private static boolean isThere(URI store, BaseName name) {
        try {
            return SnapshotStore.of(store)
                    .list(name.model(), name.lineage(), name.shard())
                    .contains(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSameWeights(ModelSnapshot found, ModelSnapshot expected) {
        assertThat(found.nonzero()).isEqualTo(expected.nonzero()).isPositive();
        for (int row = 0; row < expected.rows(); row++) {
            assertThat(found.weight(row, 0)).isEqualTo(expected.weight(row, 0));
        }
    }

    /** Whoever sees item and user knows nine labels of ten; from POISON to ANTIDOTE it is the other label. */
    private static List<Example> log() {
        Random random = new Random(SEED);
        List<Example> log = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            int user = random.nextInt(10);
            int item = random.nextInt(10);
            FeatureVector vector = new FeatureVector(SPEC.featureSet());
            vector.categorical(0, FeatureHash.of("user").hash(Integer.toString(user)));
            vector.categorical(1, FeatureHash.of("item").hash(Integer.toString(item)));
            boolean liked = item % 2 == 0 ^ random.nextInt(10) == 0 ^ (i >= POISON && i < ANTIDOTE);
            log.add(Example.newBuilder()
                    .setDecisionId("decision-" + i)
                    .setSlot(0)
                    .setFeatureSet("movies")
                    .setFeatureSetVersion(vector.set().version())
                    .setFeatures(ByteBuffer.wrap(vector.pack()))
                    .setReward(liked ? 1 : 0)
                    .setPropensity(0.1)
                    .setArm("learned")
                    .setDecisionTimeMicros(i)
                    .setLabelDelayMicros(0)
                    .build());
        }
        return log;
    }
}
