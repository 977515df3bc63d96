package io.millrace.local.alerts;

import io.millrace.local.StartException;
import io.millrace.local.log.TopicLog;
import io.millrace.record.Alert;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads {@code alerts} in the order in which they were written. Used by one thread. */
public final class AlertLog implements AutoCloseable {
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaSettings kafka;
    private final TopicLog log;
    private final RecordDecoder decoder;
    private final Codec<Alert> codec;
    private final Map<Integer, Long> next = new TreeMap<>();

    public AlertLog(KafkaSettings kafka) {
        this.kafka = kafka;
        this.log = new TopicLog(kafka);
        this.decoder = new RecordDecoder(kafka, SCHEMA_WAIT);
        this.codec = decoder.codec(Alert.class);
    }

    /** Is told what is read. */
    public interface Reader {
        void alert(Alert alert);

        /** @param place of a record that is no alert */
        void unreadable(String place, String reason);
    }

    /**
     * Reads what there is.
     *
     * @throws StartException if the topic is not there, or no broker
     */
    public void read(Reader reader) throws StartException, InterruptedException {
        for (TopicLog.Extent extent : log.extents(Topic.ALERTS)) {
            log.read(Topic.ALERTS, extent, read -> {
                tell(reader, read);
                return true;
            });
            next.put(extent.partition(), extent.end());
        }
    }

    /** Reads on behind what has been read, for as long as more is wanted. */
    public void follow(Reader reader, BooleanSupplier more) {
        Map<TopicPartition, Long> from = next.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> new TopicPartition(kafka.name(Topic.ALERTS), entry.getKey()), Map.Entry::getValue));
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            while (more.getAsBoolean()) {
                consumer.poll(POLL).forEach(read -> tell(reader, read));
            }
        }
    }

    private void tell(Reader reader, ConsumerRecord<byte[], byte[]> read) {
        try {
            reader.alert(decoder.decode(codec, read.value()));
        } catch (WireException e) {
            reader.unreadable(
                    read.topic() + "-" + read.partition() + " at " + read.offset(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
