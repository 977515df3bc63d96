package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Delta;
import io.millrace.record.Example;
import io.millrace.record.Manifest;
import io.millrace.record.Metric;
import io.millrace.record.ShardBase;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnJobIT {
    private static final int PARTITIONS = 4;
    private static final int EXAMPLES = 6000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Armed by the test, disarmed by the failure that it causes. */
    private static final AtomicBoolean FAIL_AT_2500 = new AtomicBoolean();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "learner: ftrl, bits: 14, alpha: 0.1",
                "learner: auto, ids: {table: exact, admit: 2}",
                "learner: deep, bits: 12, factors: 4, layers: 1, width: 8"
            })
    void theSameLogGivesTheSameBytesWhateverHappens(String model) throws Exception {
        Recorded log = new Recorded(Recorded.spec(model), PARTITIONS, EXAMPLES, 1);
        try (TestingKafka kafka = TestingKafka.start(PARTITIONS)) {
            URI disturbed = directory.resolve("disturbed").toUri();
            URI quiet = directory.resolve("quiet").toUri();
            LearnJobSettings settings = settings(kafka, log.spec(), disturbed);
            runWithAFailureAndAResubmission(kafka, log, settings);
            try (LearnCluster cluster = new LearnCluster(directory.resolve("quiet-checkpoints"), "hashmap")) {
                cluster.submit(
                        kafka.settings(),
                        settings(kafka, log.spec(), quiet),
                        1,
                        Optional.empty(),
                        UnaryOperator.identity());
                awaitBases(quiet, settings.lineage());
                cluster.cancel();
            }
            for (int shard = 0; shard < PARTITIONS; shard++) {
                byte[] alone = baseOfTheCoreAlone(log, shard, settings.lineage());
                assertThat(base(disturbed, settings.lineage(), shard)).isEqualTo(alone);
                assertThat(base(quiet, settings.lineage(), shard)).isEqualTo(alone);
            }
            assertManifests(kafka, settings);
            assertDeadLetters(kafka, log);
            assertMetrics(kafka);
        }
    }

    private void runWithAFailureAndAResubmission(TestingKafka kafka, Recorded log, LearnJobSettings settings)
            throws Exception {
        try (LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "rocksdb");
                DeltaFollower follower =
                        new DeltaFollower(kafka.settings(), log.spec(), settings.lineage(), PARTITIONS)) {
            cluster.submit(
                    kafka.settings(), settings, 2, Optional.empty(), examples -> examples.map(LearnJobIT::failing));
            send(kafka, log, 0, 2000);
            LearnCluster.await("2000 examples", () -> follower.hasReached(2000));
            cluster.awaitNewCheckpoint();
            FAIL_AT_2500.set(true);
            send(kafka, log, 2000, 4000);
            LearnCluster.await("4000 examples", () -> follower.hasReached(4000));
            assertThat(FAIL_AT_2500).isFalse();
            assertThat(cluster.restarts()).isPositive();
            cluster.awaitNewCheckpoint();
            send(kafka, log, 4000, 5000);
            LearnCluster.await("4500 examples", () -> follower.hasReached(4500));
            cluster.cancel();
            cluster.submit(kafka.settings(), settings, 3, cluster.newestCheckpoint(), UnaryOperator.identity());
            send(kafka, log, 5000, EXAMPLES);
            LearnCluster.await("all examples", () -> follower.hasReached(EXAMPLES));
            assertThat(manifests(kafka)).anyMatch(LearnJobIT::isFinal);
            cluster.cancel();
            for (int shard = 0; shard < PARTITIONS; shard++) {
                assertSameWeights(follower.shard(shard), log, settings.lineage());
            }
        }
    }

    private static LogBlock failing(LogBlock block) {
        for (LogRecord record : block) {
            if (record.offset() == 2500 && FAIL_AT_2500.compareAndSet(true, false)) {
                throw new IllegalStateException("a fault that the test asked for");
            }
        }
        return block;
    }

    @Test
    void anExampleThatWouldMakeWeightsInfiniteIsADeadLetterAndLearningGoesOn() throws Exception {
        byte[] good = new Recorded(1, 1, 1).partition(0).get(0);
        Example poison = Codec.of(Example.class).decode(good);
        poison.setReward(1e300);
        try (TestingKafka kafka = TestingKafka.start(1);
                LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "hashmap")) {
            LearnJobSettings settings =
                    settings(kafka, Recorded.SPEC, directory.resolve("bases").toUri());
            cluster.submit(kafka.settings(), settings, 1, Optional.empty(), UnaryOperator.identity());
            try (Producer<byte[], byte[]> producer = kafka.producer()) {
                String examples = kafka.settings().name(Topic.EXAMPLES);
                producer.send(
                        new ProducerRecord<>(examples, Codec.of(Example.class).encode(poison)));
                producer.send(new ProducerRecord<>(examples, good));
            }
            DeadLetter letter = Codec.of(DeadLetter.class)
                    .decode(kafka.read(Topic.DEAD_LETTERS, PATIENCE, records -> !records.isEmpty())
                            .get(0)
                            .value());
            assertThat(letter.getOffset()).isZero();
            assertThat(letter.getReason()).startsWith("example at offset 0, ").contains("(expected: a finite number)");
            assertThat(kafka.read(
                            Topic.MODEL_UPDATES,
                            PATIENCE,
                            records -> records.stream().anyMatch(LearnJobIT::learnedOne)))
                    .anyMatch(LearnJobIT::learnedOne);
        }
    }

    private static boolean learnedOne(ConsumerRecord<byte[], byte[]> read) {
        Delta delta = Codec.of(Delta.class).decode(read.value());
        return delta.getTo() == 2 && delta.getExamples() == 1;
    }

    private static LearnJobSettings settings(TestingKafka kafka, PipelineSpec spec, URI store)
            throws InterruptedException {
        return LearnJobSettings.lookUp(kafka.settings(), spec, store).withCheckpointInterval(Duration.ofMillis(300));
    }

    private static void send(TestingKafka kafka, Recorded log, int from, int to) {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = from; i < to; i++) {
                for (int partition = 0; partition < log.partitions(); partition++) {
                    producer.send(new ProducerRecord<>(
                            kafka.settings().name(Topic.EXAMPLES),
                            partition,
                            null,
                            log.partition(partition).get(i)));
                }
            }
        }
    }

    private static void awaitBases(URI store, String lineage) throws InterruptedException {
        SnapshotStore bases = SnapshotStore.of(store);
        for (int shard = 0; shard < PARTITIONS; shard++) {
            BaseName last = new BaseName(Recorded.SPEC.pipeline(), lineage, shard, EXAMPLES);
            LearnCluster.await("base of shard " + shard, () -> list(bases, last).contains(last));
        }
    }

    private static List<BaseName> list(SnapshotStore bases, BaseName name) {
        try {
            return bases.list(name.model(), name.lineage(), name.shard());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] base(URI store, String lineage, int shard) throws IOException {
        String file = String.format("movies/%s/%d/%020d.base", lineage, shard, EXAMPLES);
        try (InputStream in = SnapshotStore.of(store).open(store + "/" + file)) {
            return in.readAllBytes();
        }
    }

    private static byte[] baseOfTheCoreAlone(Recorded log, int shard, String lineage) throws IOException {
        try (ShardLearner learner = log.learned(shard, lineage)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BaseSnapshot.write(out, learner.header(), learner.copyBlocks());
            return out.toByteArray();
        }
    }

    private static void assertSameWeights(ModelSnapshot followed, Recorded log, String lineage) {
        try (ShardLearner learner = log.learned(followed.shard(), lineage)) {
            ModelSnapshot alone = ModelSnapshot.initial(log.spec(), lineage, followed.shard())
                    .apply(learner.cut().orElseThrow());
            assertThat(followed.digest()).isEqualTo(alone.digest());
            assertThat(followed.offset()).isEqualTo(alone.offset());
            assertThat(followed.examples()).isEqualTo(alone.examples());
            assertThat(followed.nonzero()).isEqualTo(alone.nonzero()).isPositive();
            assertThat(followed.rows()).isEqualTo(alone.rows());
            for (int row = 0; row < followed.rows(); row++) {
                for (int column = 0; column < followed.width(); column++) {
                    assertThat(followed.weight(row, column)).isEqualTo(alone.weight(row, column));
                }
            }
        }
    }

    private static void assertManifests(TestingKafka kafka, LearnJobSettings settings) throws IOException {
        List<Manifest> manifests = manifests(kafka);
        Manifest first = manifests.get(0);
        assertThat(first.getLineage()).isEqualTo(settings.lineage());
        assertThat(first.getTopicId()).isEqualTo(settings.topicId());
        assertThat(first.getPlatform()).containsEntry("blas_threads", "1").containsKey("processor");
        assertThat(first.getBases()).hasSize(PARTITIONS).allSatisfy(base -> {
            assertThat(base.getUri()).isNull();
            assertThat(base.getOffset()).isZero();
        });
        Manifest last =
                manifests.stream().filter(LearnJobIT::isFinal).findFirst().orElseThrow();
        assertThat(last.getBases()).extracting(ShardBase::getShard).containsExactly(0, 1, 2, 3);
        SnapshotStore store =
                SnapshotStore.of(URI.create(last.getBases().get(0).getUri()).resolve("/"));
        for (ShardBase base : last.getBases()) {
            try (InputStream in = store.open(base.getUri())) {
                ModelSnapshot snapshot = ModelSnapshot.read(in, base.getChecksum());
                assertThat(snapshot.offset()).isEqualTo(base.getOffset());
                assertThat(snapshot.digest()).isEqualTo(base.getDigest());
            }
        }
    }

    private static void assertDeadLetters(TestingKafka kafka, Recorded log) {
        Codec<DeadLetter> codec = Codec.of(DeadLetter.class);
        List<DeadLetter> letters =
                decoded(kafka, Topic.DEAD_LETTERS, codec, all -> places(all).size() == log.rejected());
        assertThat(places(letters)).hasSize(log.rejected());
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.getTopic()).isEqualTo("examples");
            assertThat(letter.getReason()).contains("(expected: ");
            assertThat(letter.getBytes())
                    .isEqualTo(
                            ByteBuffer.wrap(log.partition(letter.getPartition()).get((int) letter.getOffset())));
        });
    }

    private static void assertMetrics(TestingKafka kafka) {
        Map<String, Metric> last = new HashMap<>();
        for (Metric metric : decoded(kafka, Topic.METRICS, Codec.of(Metric.class), LearnJobIT::haveAllShards)) {
            assertThat(metric.getSeries()).isEqualTo("progressive");
            last.put(metric.getTags().get("shard"), metric);
        }
        assertThat(last).containsOnlyKeys("0", "1", "2", "3");
        assertThat(last.get("0").getValues())
                .containsKeys("examples", "log_loss", "normalized_entropy", "auc", "calibration", "window_log_loss");
    }

    private static List<Manifest> manifests(TestingKafka kafka) {
        return decoded(
                kafka,
                Topic.MODEL_MANIFESTS,
                Codec.of(Manifest.class),
                all -> all.stream().anyMatch(LearnJobIT::isFinal));
    }

    private static boolean isFinal(Manifest manifest) {
        return manifest.getBases().stream().allMatch(base -> base.getOffset() == EXAMPLES);
    }

    private static Set<String> places(List<DeadLetter> letters) {
        return letters.stream()
                .map(letter -> letter.getPartition() + "/" + letter.getOffset())
                .collect(Collectors.toSet());
    }

    /** The first figures of a shard may be of so few examples that they lack some. */
    private static boolean haveAllShards(List<Metric> metrics) {
        return metrics.stream()
                        .filter(metric -> metric.getValues().containsKey("auc"))
                        .map(metric -> metric.getTags().get("shard"))
                        .distinct()
                        .count()
                == PARTITIONS;
    }

    /** A topic's records, up to where they are enough. */
    private static <T extends SpecificRecord> List<T> decoded(
            TestingKafka kafka, Topic topic, Codec<T> codec, Predicate<List<T>> enough) {
        List<T> all = new ArrayList<>();
        kafka.read(topic, PATIENCE, records -> {
            records.subList(all.size(), records.size()).forEach(read -> all.add(codec.decode(read.value())));
            return !all.isEmpty() && enough.test(all);
        });
        return all;
    }
}
