package io.millrace.serving.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Alert;
import io.millrace.record.DeadLetter;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.serving.TestingServing;
import io.millrace.serving.TestingSpecs;
import io.millrace.serving.TestingTrainer;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFollowerIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int SMALL_PART = 300;

    @TempDir
    Path directory;

    private final PipelineSpec spec = TestingSpecs.movies();
    private final TestingTrainer trainer = new TestingTrainer(spec, "topic", 1);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TestingKafka kafka;
    private Producer<byte[], byte[]> producer;
    private SnapshotStore store;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        kafka = TestingKafka.start(1);
        producer = kafka.producer();
        store = SnapshotStore.of(directory.toUri());
        trainer.learn(100);
    }

    @AfterEach
    void stop() {
        producer.close();
        kafka.close();
    }

    private ModelFollower follow() {
        return ModelFollower.start(
                spec,
                kafka.settings(),
                store,
                new DeadLetters("serving", kafka.settings(), producer, Clock.systemUTC()),
                () -> {},
                producer,
                Clock.systemUTC(),
                registry);
    }

    private void send(Topic topic, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic.text(), "movies".getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(Manifest manifest) {
        send(Topic.MODEL_MANIFESTS, Codec.of(Manifest.class).encode(manifest));
    }

    private void publish(List<Delta> parts) {
        parts.forEach(part -> send(Topic.MODEL_UPDATES, Codec.of(Delta.class).encode(part)));
    }

    private void publish(int from, int to) {
        publish(trainer.delta(from, to, SMALL_PART));
    }

    private Manifest base(int offset) throws IOException {
        return trainer.base(offset, store, System.currentTimeMillis() * 1000);
    }

    private static void awaitOffset(ModelFollower follower, long offset) throws InterruptedException {
        TestingServing.await("offset " + offset, SOON, () -> {
            ServedModel served = follower.current();
            return served != null && served.snapshot().offset() == offset;
        });
    }

    private void assertThatServes(ModelFollower follower, TestingTrainer of, int offset) throws InterruptedException {
        awaitOffset(follower, offset);
        ModelSnapshot snapshot = follower.current().snapshot();
        assertThat(snapshot.lineage()).isEqualTo(of.lineage());
        assertThat(snapshot.digest()).isEqualTo(of.digest(offset));
        float[] expected = of.weights(offset);
        for (int i = 0; i < expected.length; i++) {
            assertThat(snapshot.weight(i, 0)).isEqualTo(expected[i]);
        }
    }

    @Test
    void bootsFromNothingAndFollowsDuplicatesAndTheOverlappingCutsOfARestartedTrainer() throws Exception {
        try (ModelFollower follower = follow()) {
            assertThat(follower.current()).isNull();
            publish(trainer.beginning(System.currentTimeMillis() * 1000));
            assertThatServes(follower, trainer, 0);
            publish(0, 10);
            publish(0, 10);
            publish(10, 30);
            assertThatServes(follower, trainer, 30);
            publish(trainer.delta(30, 60, SMALL_PART).subList(0, 2));
            publish(20, 28);
            publish(25, 45);
            assertThatServes(follower, trainer, 45);
            assertThat(registry.counter("millrace.model.gaps").count()).isZero();
        }
    }

    @Test
    void bootsFromTheNewestBaseAndTheDeltasAfterIt() throws Exception {
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        publish(0, 20);
        publish(20, 40);
        publish(base(30));
        publish(40, 55);
        try (ModelFollower follower = follow()) {
            TestingServing.await("all that is there", SOON, follower::isReady);
            assertThat(follower.current().snapshot().offset()).isEqualTo(55);
            assertThatServes(follower, trainer, 55);
        }
        assertThat(registry.counter("millrace.model.bases.loaded").count()).isEqualTo(1);
    }

    @Test
    void aGapLeavesTheLastGoodVersionUntilANewerBaseClosesIt() throws Exception {
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        try (ModelFollower follower = follow()) {
            publish(0, 20);
            assertThatServes(follower, trainer, 20);
            publish(25, 40);
            publish(40, 50);
            TestingServing.await(
                    "a gap", SOON, () -> registry.counter("millrace.model.gaps").count() == 1);
            assertThat(follower.current().snapshot().offset()).isEqualTo(20);
            publish(base(35));
            assertThatServes(follower, trainer, 50);
        }
    }

    @Test
    void corruptBytesAreDeadLettersAndTheRestFlowsOn() throws Exception {
        byte[] garbage = "no record at all".getBytes(StandardCharsets.UTF_8);
        send(Topic.MODEL_MANIFESTS, garbage);
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        Delta hostile = trainer.delta(0, 20);
        hostile.getIndices().put(0, (byte) 0);
        try (ModelFollower follower = follow()) {
            publish(0, 10);
            send(Topic.MODEL_UPDATES, garbage);
            send(Topic.MODEL_UPDATES, Codec.of(Delta.class).encode(hostile));
            publish(10, 30);
            assertThatServes(follower, trainer, 30);
            publish(base(40));
            publish(40, 41);
            assertThatServes(follower, trainer, 41);
            List<DeadLetter> letters = kafka.read(Topic.DEAD_LETTERS, SOON, records -> records.size() >= 3).stream()
                    .map(record -> Codec.of(DeadLetter.class).decode(record.value()))
                    .toList();
            assertThat(letters)
                    .extracting(DeadLetter::getTopic)
                    .containsExactlyInAnyOrder("model-manifests", "model-updates", "model-updates");
            assertThat(letters).allSatisfy(letter -> {
                assertThat(letter.getOffset()).isNotNegative();
                assertThat(letter.getReason()).contains("expected");
            });
        }
    }

    @Test
    void bootsFromTheBaseBeforeWhereTheNewestFileIsCorrupt() throws Exception {
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        publish(base(20));
        Manifest newest = base(40);
        Path file = Path.of(URI.create(newest.getBases().get(0).getUri()));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 20] ^= 4;
        Files.write(file, bytes);
        publish(newest);
        publish(15, 45);
        try (ModelFollower follower = follow()) {
            assertThatServes(follower, trainer, 45);
        }
        assertThat(registry.counter("millrace.model.bases.unusable").count()).isPositive();
        assertThat(kafka.read(Topic.ALERTS, SOON, records -> !records.isEmpty()))
                .extracting(
                        record -> Codec.of(Alert.class).decode(record.value()).getText())
                .first()
                .asString()
                .contains("at offset 40", "trying another, what is served stays");
    }

    @Test
    void switchesToANewLineageAndRefusesForeignOnesWithAnAlert() throws Exception {
        TestingTrainer rebuilt = new TestingTrainer(spec, "rebuilt", 2);
        rebuilt.learn(50);
        TestingTrainer foreign = new TestingTrainer(TestingSpecs.movies("{control: 0.1}", 77), "topic", 3);
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        try (ModelFollower follower = follow()) {
            publish(0, 20);
            assertThatServes(follower, trainer, 20);
            publish(foreign.beginning(System.currentTimeMillis() * 1000));
            publish(20, 21);
            assertThatServes(follower, trainer, 21);
            publish(rebuilt.base(30, store, System.currentTimeMillis() * 1000));
            publish(rebuilt.delta(25, 45, SMALL_PART));
            publish(21, 60);
            assertThatServes(follower, rebuilt, 45);
        }
        assertThat(kafka.read(Topic.ALERTS, SOON, records -> !records.isEmpty()).stream()
                        .map(record -> Codec.of(Alert.class).decode(record.value())))
                .singleElement()
                .extracting(Alert::getText)
                .asString()
                .contains("seed 77");
    }

    @Test
    void goesOnAfterTheBrokerWasAway() throws Exception {
        publish(trainer.beginning(System.currentTimeMillis() * 1000));
        try (ModelFollower follower = follow()) {
            publish(0, 20);
            assertThatServes(follower, trainer, 20);
            kafka.restart();
            publish(20, 40);
            assertThatServes(follower, trainer, 40);
        }
    }
}
