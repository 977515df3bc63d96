package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Example;
import io.millrace.record.Manifest;
import io.millrace.record.Metric;
import io.millrace.record.ShardBase;
import io.millrace.testkit.GoldenDirectory;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Learning goes on from a savepoint that a release left behind, on the brokers that it left behind, as if nothing had been in
 * between. Each of {@code golden/<version>/learn-<learner>.zip} holds both. When the savepoint was made, labels of shard 0
 * had been wrong for a while, so that with {@code ftrl} its versions were held back; shard 1 was well, and had a base.
 */
class LearnSavepointIT {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 2;
    private static final int POISON = 1500;
    /** Where the savepoint was made: the examples of shard 0, and of shard 1. */
    private static final List<Integer> SAVED = List.of(1753, 1001);

    private static final List<Integer> ALL = List.of(4000, 2000);

    private static final Map<String, String> MODELS = new TreeMap<>(Map.of(
            "ftrl", "learner: ftrl, bits: 10, alpha: 0.1",
            "auto", "learner: auto, ids: {table: exact, admit: 2}",
            "deep", "learner: deep, bits: 8, factors: 2, layers: 1, width: 4"));

    @TempDir
    private Path directory;

    static List<Path> releases() throws Exception {
        List<Path> releases = new ArrayList<>();
        for (String learner : MODELS.keySet()) {
            releases.addAll(GoldenDirectory.all(GOLDEN, file(learner), to -> leaveBehind(learner, to)));
        }
        return releases;
    }

    private static String file(String learner) {
        return "learn-" + learner + ".zip";
    }

    private static PipelineSpec spec(String learner) {
        return SpecReader.read("""
                pipeline: movies
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1.0}}
                model: {%s}
                snapshot: {every: 20ms, base: 1s, guard: {margin: 50%%, window: 200}}
                """.formatted(MODELS.get(learner)), "test");
    }

    private static LearnJobSettings settings(TestingKafka kafka, PipelineSpec spec, Path directory) throws Exception {
        return LearnJobSettings.lookUp(
                        kafka.settings(), spec, directory.resolve("bases").toUri())
                .withCheckpointInterval(Duration.ofMillis(300));
    }

    private static void leaveBehind(String learner, Path directory) throws Exception {
        Path scratch = Files.createTempDirectory("millrace-scratch");
        PipelineSpec spec = spec(learner);
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), SHARDS);
                LearnCluster cluster = new LearnCluster(scratch.resolve("checkpoints"), "rocksdb")) {
            LearnJobSettings settings = settings(kafka, spec, scratch);
            cluster.submit(kafka.settings(), settings, 1, Optional.empty(), UnaryOperator.identity());
            for (int shard = 0; shard < SHARDS; shard++) {
                send(kafka, spec, shard, 0, SAVED.get(shard));
            }
            LearnCluster.await(
                    "the savepoint's examples, and a base of shard 1",
                    () -> offsets(kafka).equals(Map.of("0", (double) SAVED.get(0), "1", (double) SAVED.get(1)))
                            && newest(kafka).getBases().get(1).getOffset() == SAVED.get(1));
            cluster.stop(directory.resolve("savepoints"));
        }
    }

    /** How far each shard is, by its metrics. */
    private static Map<String, Double> offsets(TestingKafka kafka) {
        Codec<Metric> codec = Codec.of(Metric.class);
        Map<String, Double> offsets = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> read : all(kafka, Topic.METRICS, 0)) {
            Metric metric = codec.decode(read.value());
            offsets.put(metric.getTags().get("shard"), metric.getValues().get("offset"));
        }
        return offsets;
    }

    /** The catalogue, and what manifests of older goldens were written with: their brokers know no schemas. */
    private static Schemas schemas() {
        Schemas schemas = new Schemas();
        try (InputStream in = LearnSavepointIT.class.getResourceAsStream("/golden/0.2/Manifest.avsc")) {
            schemas.add(new Schema.Parser().parse(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }

    /** The manifests from an offset on. */
    private static List<Manifest> manifests(TestingKafka kafka, long from) {
        Codec<Manifest> codec = Codec.of(Manifest.class, schemas());
        return all(kafka, Topic.MODEL_MANIFESTS, 0).stream()
                .filter(read -> read.offset() >= from)
                .map(read -> codec.decode(read.value()))
                .toList();
    }

    private static Manifest newest(TestingKafka kafka) {
        List<Manifest> all = manifests(kafka, 0);
        return all.get(all.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void goesOnFromTheSavepointOfEveryRelease(Path release) throws Exception {
        GoldenDirectory.unpack(release, directory);
        String learner = MODELS.keySet().stream()
                .filter(each -> release.endsWith(file(each)))
                .findFirst()
                .orElseThrow();
        PipelineSpec spec = spec(learner);
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), SHARDS);
                LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "hashmap")) {
            LearnJobSettings settings = settings(kafka, spec, directory);
            List<ConsumerRecord<byte[], byte[]>> before = all(kafka, Topic.MODEL_MANIFESTS, 0);
            long nextManifest = before.get(before.size() - 1).offset() + 1;
            List<ShardBase> saved = newest(kafka).getBases();
            assertThat(saved.get(1).getOffset()).isEqualTo(SAVED.get(1).longValue());
            try (DeltaFollower follower = new DeltaFollower(kafka.settings(), spec, settings.lineage(), SHARDS)) {
                LearnCluster.await("the deltas before", () -> {
                    follower.hasReached(SAVED.get(0));
                    return follower.shard(1).offset() == SAVED.get(1);
                });
                if (learner.equals("ftrl")) {
                    assertThat(follower.shard(0).offset()).isLessThan(SAVED.get(0));
                }
                cluster.submit(kafka.settings(), settings, 2, Optional.of(savepoint()), UnaryOperator.identity());
                send(kafka, spec, 0, SAVED.get(0), ALL.get(0));
                LearnCluster.await(
                        "a manifest", () -> !manifests(kafka, nextManifest).isEmpty());
                assertThat(manifests(kafka, nextManifest).get(0).getBases())
                        .as("but for the base that it was made for, the first manifest has those of the savepoint")
                        .anyMatch(saved::contains)
                        .allMatch(base -> saved.contains(base) || base.getOffset() > 0);
                send(kafka, spec, 1, SAVED.get(1), ALL.get(1));
                LearnCluster.await("all examples", () -> {
                    follower.hasReached(ALL.get(0));
                    return follower.shard(0).offset() == ALL.get(0)
                            && follower.shard(1).offset() == ALL.get(1);
                });
                for (int shard = 0; shard < SHARDS; shard++) {
                    assertUndisturbed(follower.shard(shard), kafka, spec, settings.lineage());
                }
            }
            cluster.cancel();
        }
    }

    private Path savepoint() throws IOException {
        try (Stream<Path> savepoints = Files.list(directory.resolve("savepoints"))) {
            return savepoints.findFirst().orElseThrow();
        }
    }

    /** What is published is, optimiser included, what the pure core learns from the log. */
    private static void assertUndisturbed(
            ModelSnapshot published, TestingKafka kafka, PipelineSpec spec, String lineage) {
        Codec<Example> codec = Codec.of(Example.class);
        try (ShardLearner learner = new ShardLearner(spec, lineage, published.shard())) {
            for (ConsumerRecord<byte[], byte[]> read : all(kafka, Topic.EXAMPLES, published.shard())) {
                learner.learn(read.offset(), codec.decode(read.value()));
            }
            ModelSnapshot alone = ModelSnapshot.initial(spec, lineage, published.shard())
                    .apply(learner.cut().orElseThrow());
            assertThat(published.offset()).isEqualTo(alone.offset());
            assertThat(published.digest()).isEqualTo(alone.digest());
            assertThat(published.examples()).isEqualTo(alone.examples());
            assertThat(published.nonzero()).isEqualTo(alone.nonzero()).isPositive();
            for (int row = 0; row < alone.rows(); row++) {
                for (int column = 0; column < alone.width(); column++) {
                    assertThat(published.weight(row, column)).isEqualTo(alone.weight(row, column));
                }
            }
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(TestingKafka kafka, Topic topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition from = new TopicPartition(kafka.settings().name(topic), partition);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.settings().consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            long end = consumer.endOffsets(List.of(from)).get(from);
            long patience = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(from) < end && System.nanoTime() < patience) {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
            }
        }
        return records;
    }

    /** Whoever sees item and user knows nine labels of ten; of shard 0 it is the other label from {@link #POISON} to the savepoint. */
    private static void send(TestingKafka kafka, PipelineSpec spec, int shard, int from, int to) {
        Codec<Example> codec = Codec.of(Example.class);
        Random random = new Random(3L + shard);
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = 0; i < to; i++) {
                int user = random.nextInt(10);
                int item = random.nextInt(10);
                boolean isWrong = shard == 0 && i >= POISON && i < SAVED.get(0);
                boolean liked = item % 2 == 0 ^ random.nextInt(10) == 0 ^ isWrong;
                if (i >= from) {
                    producer.send(new ProducerRecord<>(
                            kafka.settings().name(Topic.EXAMPLES),
                            shard,
                            null,
                            codec.encode(example(spec, i, user, item, liked))));
                }
            }
        }
    }

    private static Example example(PipelineSpec spec, int number, int user, int item, boolean liked) {
        FeatureVector vector = new FeatureVector(spec.featureSet());
        vector.categorical(0, FeatureHash.of("user").hash(Integer.toString(user)));
        vector.categorical(1, FeatureHash.of("item").hash(Integer.toString(item)));
        return Example.newBuilder()
                .setDecisionId("decision-" + number)
                .setSlot(0)
                .setFeatureSet("movies")
                .setFeatureSetVersion(vector.set().version())
                .setFeatures(ByteBuffer.wrap(vector.pack()))
                .setReward(liked ? 1 : 0)
                .setPropensity(0.1)
                .setArm("learned")
                .setDecisionTimeMicros(number)
                .setLabelDelayMicros(0)
                .build();
    }

    @Test
    void everyLearnerHasASavepointOfARelease() throws Exception {
        List<Path> releases = releases();
        for (String learner : MODELS.keySet()) {
            assertThat(releases).anyMatch(release -> release.endsWith(file(learner)));
        }
    }
}
