package io.millrace.wire.kafka;

import io.millrace.record.DeadLetter;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where records go that nobody can use. Safe for use by several threads. */
public final class DeadLetters {
    private final String component;
    private final KafkaSettings settings;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock;
    private final Codec<DeadLetter> codec = Codec.of(DeadLetter.class);

    /** The producer stays the caller's to close. */
    public DeadLetters(String component, KafkaSettings settings, Producer<byte[], byte[]> producer, Clock clock) {
        this.component = component;
        this.settings = settings;
        this.producer = producer;
        this.clock = clock;
    }

    /** Sends the record on, without waiting. */
    public void send(ConsumerRecord<byte[], byte[]> consumed, String reason) {
        producer.send(record(letter(
                component, consumed.topic(), consumed.partition(), consumed.offset(), bytes(consumed), reason, clock)));
    }

    /** A dead letter as a record of its topic, keyed by where it came from. */
    public ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        byte[] key = letter.getTopic().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(settings.name(Topic.DEAD_LETTERS), key, codec.encode(letter));
    }

    /** A dead letter that is stamped with the clock's time. */
    public static DeadLetter letter(
            String component, String topic, int partition, long offset, byte[] bytes, String reason, Clock clock) {
        return DeadLetter.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setComponent(component)
                .setReason(reason)
                .setBytes(ByteBuffer.wrap(bytes))
                .setTimeMicros(TimeUnit.MILLISECONDS.toMicros(clock.millis()))
                .build();
    }

    private static byte[] bytes(ConsumerRecord<byte[], byte[]> consumed) {
        return consumed.value() == null ? new byte[0] : consumed.value();
    }
}
