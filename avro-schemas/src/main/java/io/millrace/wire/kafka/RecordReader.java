package io.millrace.wire.kafka;

import io.millrace.wire.Codec;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Decodes consumed records. A schema fingerprint that is not known yet is waited for, once; what cannot be read goes to the
 * dead letters with its place and reason, once, even where a reader goes back and meets it again.
 *
 * <p>Not thread-safe: it belongs to the thread that consumes.
 */
public final class RecordReader implements AutoCloseable {
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(5);

    private final RecordDecoder decoder;
    private final DeadLetters deadLetters;
    private final Runnable onDeadLetter;
    private final Map<TopicPartition, Long> rejectedBelow = new HashMap<>();

    /**
     * @param onDeadLetter is told of every record given up
     */
    public RecordReader(KafkaSettings kafka, DeadLetters deadLetters, Runnable onDeadLetter) {
        this.decoder = new RecordDecoder(kafka, SCHEMA_WAIT);
        this.deadLetters = deadLetters;
        this.onDeadLetter = onDeadLetter;
    }

    /** A codec that knows every schema this reader has learned. */
    public <T extends SpecificRecord> Codec<T> codec(Class<T> type) {
        return decoder.codec(type);
    }

    /** The record, unless nobody can read it; a tombstone is no record. */
    public <T extends SpecificRecord> Optional<T> read(Codec<T> codec, ConsumerRecord<byte[], byte[]> consumed) {
        if (consumed.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(codec, consumed.value()));
        } catch (WireException e) {
            reject(consumed, e.getMessage());
            return Optional.empty();
        }
    }

    /** Sends a record that was read but cannot be used to the dead letters. */
    public void reject(ConsumerRecord<byte[], byte[]> consumed, String reason) {
        TopicPartition partition = new TopicPartition(consumed.topic(), consumed.partition());
        if (consumed.offset() >= rejectedBelow.getOrDefault(partition, 0L)) {
            rejectedBelow.put(partition, consumed.offset() + 1);
            onDeadLetter.run();
            deadLetters.send(consumed, reason);
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
