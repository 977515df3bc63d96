package io.millrace.testkit;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker with the catalogue's topics, in a temporary directory, which goes with it, or in one that stays. */
public final class TestingKafka implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Path directory;
    private final boolean isTemporary;
    private final int port = Ports.free();
    private final int controllerPort = Ports.free();
    private final Map<String, String> brokerSettings;
    private EmbeddedBroker broker;

    private TestingKafka(Path directory, boolean isTemporary, Map<String, String> brokerSettings) throws IOException {
        this.directory = directory;
        this.isTemporary = isTemporary;
        this.brokerSettings = Map.copyOf(brokerSettings);
        this.broker = EmbeddedBroker.start(directory, port, controllerPort, brokerSettings);
    }

    /** Starts a broker whose {@code examples} has that many partitions. */
    public static TestingKafka start(int shards) throws IOException, InterruptedException {
        TestingKafka kafka = empty(Map.of());
        kafka.create(TopicPlan.small(shards));
        return kafka;
    }

    /** Starts a broker without topics; the settings go before its own. */
    public static TestingKafka empty(Map<String, String> brokerSettings) throws IOException {
        return new TestingKafka(Files.createTempDirectory("millrace-kafka"), true, brokerSettings);
    }

    /** Starts a broker on a directory of the caller's, which stays: with what its topics hold, or with new topics that keep it. */
    public static TestingKafka startOn(Path directory, int shards) throws IOException, InterruptedException {
        TestingKafka kafka = new TestingKafka(directory, false, Map.of());
        kafka.create(new TopicPlan(shards, (short) 1, FOREVER));
        return kafka;
    }

    private void create(TopicPlan plan) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(settings())) {
            admin.createMissing(plan);
        }
    }

    public KafkaSettings settings() {
        return KafkaSettings.of(broker.bootstrapServers());
    }

    /** Stops the broker and starts it again on the same log and port. */
    public void restart() throws IOException {
        broker.close();
        broker = EmbeddedBroker.start(directory, port, controllerPort, brokerSettings);
    }

    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(settings().producer(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Reads a topic's partition 0 from its beginning until the records read satisfy the condition or the time is over, and
     * returns them; committed records only.
     */
    public List<ConsumerRecord<byte[], byte[]>> read(
            Topic topic, Duration timeout, Predicate<List<ConsumerRecord<byte[], byte[]>>> until) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings().consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(settings().name(topic), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + timeout.toNanos();
            while (!until.test(records) && System.nanoTime() < end) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        broker.close();
        if (!isTemporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
