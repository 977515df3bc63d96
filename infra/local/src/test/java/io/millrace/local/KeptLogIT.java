package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.broker.KeptPartitions;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker has run in a directory, and has taken a record; copies of the directory are damaged, and started again. */
class KeptLogIT {
    private static final String METADATA = "__cluster_metadata-0";

    @TempDir
    private static Path temporary;

    private static Path whole;
    private static int copies;

    private Path data;

    @BeforeAll
    static void run() throws Exception {
        whole = temporary.resolve("whole");
        try (DataDirectory directory = DataDirectory.open(whole, "movies");
                EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0))) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(kafka)) {
                assertThat(admin.missing()).contains("examples", "model-control");
                admin.createMissing(TopicPlan.small(1));
                assertThat(admin.missing()).isEmpty();
            }
            try (Admin admin = Admin.create(kafka.admin())) {
                admin.createTopics(List.of(new NewTopic("later", 1, (short) 1)))
                        .all()
                        .get();
            }
            try (Producer<byte[], byte[]> producer =
                    new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>("examples", 0, null, "one".getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    @BeforeEach
    void copy() throws IOException {
        data = copyOf(whole, temporary.resolve("copy-" + copies++));
    }

    private static Path copyOf(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return to;
    }

    private Path kafka() {
        return data.resolve("kafka");
    }

    private static Path segment(Path kafka) {
        return kafka.resolve(METADATA).resolve("00000000000000000000.log");
    }

    /** Starts on the directory, and finds topics and record. */
    private void assertGoesOn() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data, "movies");
                EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0));
                TopicAdmin admin = new TopicAdmin(KafkaSettings.of(broker.bootstrapServers()))) {
            assertThat(admin.missing()).isEmpty();
            assertThat(admin.offsets(Topic.EXAMPLES, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED))
                    .isEqualTo(Map.of(0, 1L));
        }
    }

    private void assertRefused(String... words) throws Exception {
        Map<String, Long> before = files();
        assertThatThrownBy(this::assertGoesOn)
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("data directory " + data + ": ")
                .hasMessageContainingAll(words);
        assertThat(files()).isEqualTo(before);
    }

    private Map<String, Long> files() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                sizes.put(file.toString(), Files.isDirectory(file) ? -1 : Files.size(file));
            }
        }
        return sizes;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void aMetadataLogThatWasDeletedIsMissedBeforeAnythingIsTouched() throws Exception {
        delete(kafka().resolve(METADATA));
        assertRefused(
                "records of ",
                " partitions (alerts-0, ",
                "the metadata log, " + METADATA + " in " + kafka() + ", does not know these partitions",
                "nothing was started or changed",
                "restore the whole directory from a backup, or move it away");
        copyOf(whole.resolve("kafka").resolve(METADATA), kafka().resolve(METADATA));
        assertGoesOn();
    }

    @Test
    void aMetadataLogThatLostItsEndIsMissedWhereTopicsWereInIt() throws Exception {
        truncate(segment(kafka()), 0);
        assertRefused("does not know these partitions");
        loseTheLastTopic();
        assertRefused("records of 1 partition (later-0) are there");
    }

    private void loseTheLastTopic() throws IOException {
        byte[] all = Files.readAllBytes(segment(whole.resolve("kafka")));
        Files.write(segment(kafka()), all);
        int partitions = KeptPartitions.of(List.of(kafka())).known();
        for (int size = all.length; KeptPartitions.of(List.of(kafka())).known() == partitions; size -= 32) {
            truncate(segment(kafka()), size);
        }
        KeptPartitions kept = KeptPartitions.of(List.of(kafka()));
        assertThat(kept.known()).isEqualTo(partitions - 1);
        assertThat(kept.lost()).containsExactly(kafka().resolve("later-0"));
    }

    @Test
    void aBitThatTurnedBeforeTheTopicsIsMissedToo() throws Exception {
        byte[] all = Files.readAllBytes(segment(kafka()));
        all[all.length / 4] ^= 1;
        Files.write(segment(kafka()), all);
        assertRefused("does not know these partitions");
    }

    @Test
    void whatACrashMayLeaveStartsByItself() throws Exception {
        Path log = segment(kafka());
        truncate(log, Files.size(log) - 3);
        Files.delete(kafka().resolve(".kafka_cleanshutdown"));
        Files.createDirectory(kafka().resolve("begun-0"));
        assertGoesOn();
    }

    @Test
    void aFirstStartThatEndedBeforeItsTopicsBeginsAgain() throws Exception {
        data = temporary.resolve("first");
        for (int i = 0; i < 2; i++) {
            try (DataDirectory directory = DataDirectory.open(data, "movies");
                    EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0));
                    TopicAdmin admin = new TopicAdmin(KafkaSettings.of(broker.bootstrapServers()))) {
                assertThat(admin.missing()).hasSize(Topic.values().length);
            }
            Files.createDirectories(data.resolve("models/imported"));
            Files.writeString(data.resolve("models/imported/root"), "0123456789abcdef\n");
        }
    }

    @Test
    void modelsAndCheckpointsWithoutTheirLogAreNotBegunAnew() throws Exception {
        delete(kafka());
        Path checkpoint = Files.createDirectories(data.resolve("checkpoints/job/chk-7"));
        Files.createFile(checkpoint.resolve("_metadata"));
        assertRefused("checkpoints are there, but no topic of the Kafka log that they were learned from");
        Path lineage = Files.createDirectories(data.resolve("models/movies/ffff/0"));
        Files.createFile(lineage.resolve("00000000000000000007.base"));
        assertRefused("models and checkpoints are there, but no topic");
        delete(data.resolve("checkpoints"));
        assertRefused("models are there, but no topic");
    }

    @Test
    void aDamagedDescriptionIsToldAndOneThatIsMissingIsMadeAnew() throws Exception {
        Path file = kafka().resolve("meta.properties");
        truncate(file, 0);
        assertRefused(file + ": empty (expected: what says whose directory it is; ", "delete it and start again");
        Files.writeString(file, "version=1\nnode.id=many\n");
        assertRefused(file + ": damaged: ");
        Files.delete(file);
        assertGoesOn();
    }

    @Test
    void aSnapshotOfTheMetadataCounts() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data, "movies")) {
            LoopbackPorts ports = LoopbackPorts.choose(0, 0);
            try (EmbeddedBroker broker = EmbeddedBroker.start(
                            directory.kafka(),
                            ports.kafka(),
                            ports.controller(),
                            Map.of("metadata.log.max.record.bytes.between.snapshots", "1"));
                    TopicAdmin admin = new TopicAdmin(KafkaSettings.of(broker.bootstrapServers()))) {
                assertThat(admin.missing()).isEmpty();
            }
        }
        Path newest = newestSnapshot();
        Files.delete(segment(kafka()));
        assertThat(KeptPartitions.of(List.of(kafka())).lost()).isEmpty();
        truncate(newest, Files.size(newest) / 2);
        assertRefused("does not know these partitions");
    }

    private Path newestSnapshot() throws IOException {
        try (Stream<Path> files = Files.list(kafka().resolve(METADATA))) {
            return files.filter(file -> file.toString().endsWith(".checkpoint"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** As docs/operations.md says, of a directory on which something started that did not look. */
    @Test
    void whatABrokerPutAsideCanBePutBack() throws Exception {
        delete(kafka().resolve(METADATA));
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        try (EmbeddedBroker broker = EmbeddedBroker.start(kafka(), ports.kafka(), ports.controller());
                TopicAdmin admin = new TopicAdmin(KafkaSettings.of(broker.bootstrapServers()))) {
            assertThat(admin.createMissing(TopicPlan.small(1))).hasSize(Topic.values().length);
        }
        List<Path> all;
        try (Stream<Path> files = Files.list(kafka())) {
            all = files.filter(Files::isDirectory).toList();
        }
        for (Path directory : all) {
            if (!directory.toString().endsWith("-stray")) {
                delete(directory);
            }
        }
        for (Path directory : all) {
            if (directory.toString().endsWith("-stray")) {
                Files.move(
                        directory,
                        directory.resolveSibling(
                                directory.getFileName().toString().replaceFirst("\\.\\w+-stray$", "")));
            }
        }
        copyOf(whole.resolve("kafka").resolve(METADATA), kafka().resolve(METADATA));
        assertGoesOn();
    }

    @Test
    void ofSeveralBrokersAMajorityCounts() throws Exception {
        delete(kafka().resolve(METADATA));
        Path sound = whole.resolve("kafka");
        assertThat(KeptPartitions.of(List.of(sound, kafka(), sound)).lost()).isEmpty();
        KeptPartitions kept = KeptPartitions.of(List.of(sound, kafka(), kafka()));
        assertThat(kept.known()).isZero();
        assertThat(kept.lost()).contains(sound.resolve("examples-0"), kafka().resolve("examples-0"));
        assertThat(KeptPartitions.of(List.of(temporary.resolve("none"))).known())
                .isZero();
    }
}
