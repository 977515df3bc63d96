package io.millrace.wire.kafka;

import io.millrace.wire.Schemas;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic that makes the schemas of all running versions known to each other: writers publish theirs at the
 * start, readers look up a fingerprint that they do not know.
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class SchemaTopic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaTopic.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /** Fingerprints already waited for in vain are not waited for again: a hostile stream must not stall its reader. */
    private static final int REMEMBERED = 10_000;

    private final KafkaSettings settings;
    private final Schemas schemas;
    private final Map<Long, Boolean> givenUp = new HashMap<>();
    private @Nullable Consumer<byte[], byte[]> consumer;

    public SchemaTopic(KafkaSettings settings, Schemas schemas) {
        this.settings = settings;
        this.schemas = schemas;
    }

    /** Writes the catalogue's schemas, and returns when they are acknowledged. */
    public static void publish(KafkaSettings settings) {
        Properties properties = settings.producer();
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : Topic.values()) {
                topic.schema().ifPresent(schema -> producer.send(record(settings, schema)));
            }
            producer.flush();
        }
    }

    /** Reads on in the topic until the fingerprint is known or the time is over; returns whether it is known. */
    public boolean await(long fingerprint, Duration timeout) {
        if (schemas.findByFingerprint(fingerprint) != null) {
            return true;
        }
        if (givenUp.containsKey(fingerprint)) {
            return false;
        }
        long end = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> read : consumer().poll(POLL)) {
                add(read);
            }
            if (schemas.findByFingerprint(fingerprint) != null) {
                return true;
            }
        }
        if (givenUp.size() < REMEMBERED) {
            givenUp.put(fingerprint, true);
        }
        return false;
    }

    private void add(ConsumerRecord<byte[], byte[]> read) {
        if (read.value() == null) {
            return;
        }
        try {
            schemas.add(new Schema.Parser().parse(new String(read.value(), StandardCharsets.UTF_8)));
        } catch (SchemaParseException e) {
            LOG.warn(
                    "{}-{} at offset {}: no schema (expected: Avro schema JSON)",
                    read.topic(),
                    read.partition(),
                    read.offset());
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer =
                    new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            Collection<TopicPartition> partitions = List.of(new TopicPartition(settings.name(Topic.SCHEMAS), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        return consumer;
    }

    private static ProducerRecord<byte[], byte[]> record(KafkaSettings settings, Schema schema) {
        String fingerprint = Long.toHexString(SchemaNormalization.parsingFingerprint64(schema));
        return new ProducerRecord<>(
                settings.name(Topic.SCHEMAS),
                fingerprint.getBytes(StandardCharsets.UTF_8),
                schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
