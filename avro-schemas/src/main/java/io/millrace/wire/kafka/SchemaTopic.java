package io.millrace.wire.kafka;

import io.millrace.wire.Schemas;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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
    /** How many fingerprints that were waited for in vain are remembered. */
    private static final int REMEMBERED = 10_000;
    /** After waiting in vain, no other fingerprint is waited for until this many times the wait have passed. */
    private static final int REST = 10;

    private final KafkaSettings settings;
    private final Schemas schemas;
    private final Set<Long> givenUp = new HashSet<>();
    private long restsUntil = System.nanoTime();
    private @Nullable Consumer<byte[], byte[]> consumer;

    public SchemaTopic(KafkaSettings settings, Schemas schemas) {
        this.settings = settings;
        this.schemas = schemas;
    }

    /**
     * Writes the catalogue's schemas, and returns when they are acknowledged.
     *
     * @throws KafkaException if one was not; trying again is harmless
     */
    public static void publish(KafkaSettings settings) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : Topic.values()) {
                topic.schema()
                        .filter(schema -> failure.get() == null)
                        .ifPresent(schema -> producer.send(record(settings, schema), (sent, exception) -> {
                            if (exception != null) {
                                failure.set(exception);
                            }
                        }));
            }
            producer.flush();
        }
        Exception cause = failure.get();
        if (cause != null) {
            throw new KafkaException(
                    "topic " + settings.name(Topic.SCHEMAS) + ": schemas could not be published: " + cause.getMessage(),
                    cause);
        }
    }

    /**
     * Reads on in the topic until the fingerprint is known or the time is over; returns whether it is known.
     *
     * <p>A hostile stream must not stall its reader: a fingerprint that was waited for in vain is not waited for again,
     * and after such a wait any other gets no more than a look at what has arrived for ten times as long. Looking is what
     * finds a schema that is published after its messages were given up.
     */
    public boolean await(long fingerprint, Duration timeout) {
        if (isKnown(fingerprint)) {
            return true;
        }
        long start = System.nanoTime();
        if (givenUp.contains(fingerprint) || start - restsUntil < 0) {
            readOn(Duration.ZERO);
            return isKnown(fingerprint);
        }
        while (System.nanoTime() - start < timeout.toNanos()) {
            readOn(POLL);
            if (isKnown(fingerprint)) {
                return true;
            }
        }
        restsUntil = System.nanoTime() + REST * timeout.toNanos();
        if (givenUp.size() < REMEMBERED) {
            givenUp.add(fingerprint);
        }
        return false;
    }

    private boolean isKnown(long fingerprint) {
        return schemas.findByFingerprint(fingerprint) != null;
    }

    private void readOn(Duration wait) {
        for (ConsumerRecord<byte[], byte[]> read : consumer().poll(wait)) {
            add(read);
        }
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
