package io.millrace.bench.pipeline;

import io.millrace.bench.own.ExampleLog;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.StartException;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker with the product's topics, {@code examples} of one partition, in a temporary directory that goes with it. */
public final class Workplace implements AutoCloseable {
    /** Examples in a transaction: what the join writes between two checkpoints, 100 ms, at 50,000 a second. */
    private static final int TRANSACTION = 5_000;

    private final Path directory;
    private final EmbeddedBroker broker;

    private Workplace(Path directory, EmbeddedBroker broker) {
        this.directory = directory;
        this.broker = broker;
    }

    /** Starts the broker, on free ports of loopback, and creates the topics. */
    public static Workplace open() throws IOException, InterruptedException, StartException {
        Path directory = Files.createTempDirectory("millrace-bench");
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), ports.kafka(), ports.controller());
        Workplace workplace = new Workplace(directory, broker);
        try (TopicAdmin admin = new TopicAdmin(workplace.kafka())) {
            admin.createMissing(TopicPlan.small(1));
        }
        SchemaTopic.publish(workplace.kafka());
        return workplace;
    }

    public KafkaSettings kafka() {
        return KafkaSettings.of(broker.bootstrapServers());
    }

    /** A new directory. */
    public Path directory(String prefix) throws IOException {
        return Files.createTempDirectory(directory, prefix);
    }

    /**
     * Writes records to {@code examples} as the join does: in transactions, each under its decision's id, with the
     * producer's settings left as they are.
     */
    void write(byte[][] log) {
        KafkaSettings kafka = kafka();
        String topic = kafka.name(Topic.EXAMPLES);
        Properties properties = kafka.producer();
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "millrace-bench");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int from = 0; from < log.length; from += TRANSACTION) {
                producer.beginTransaction();
                for (int i = from; i < Math.min(log.length, from + TRANSACTION); i++) {
                    byte[] key = ExampleLog.decisionId(i).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(topic, 0, key, log[i]));
                }
                producer.commitTransaction();
            }
        }
    }

    @Override
    public void close() throws IOException {
        broker.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
