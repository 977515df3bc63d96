package io.millrace.local.log;

import io.millrace.local.StartException;
import io.millrace.local.log.TopicLog.Extent;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of topics, whichever version wrote them. What was deleted by its key is passed over. Used by one thread. */
public final class RecordLog implements AutoCloseable {
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(10);

    private final TopicLog topics;
    private final RecordDecoder decoder;

    public RecordLog(KafkaSettings kafka) {
        this.topics = new TopicLog(kafka);
        this.decoder = new RecordDecoder(kafka, SCHEMA_WAIT);
    }

    /** Receives records. */
    @FunctionalInterface
    public interface Sink<T> {
        /** Returns whether more of the partition are wanted. */
        boolean take(T value, ConsumerRecord<byte[], byte[]> read);
    }

    /** The same topics, undecoded. */
    public TopicLog topics() {
        return topics;
    }

    public RecordDecoder decoder() {
        return decoder;
    }

    /**
     * Reads a whole topic.
     *
     * @return how many records could not be decoded
     * @throws StartException if the topic is not there, or no broker
     */
    public <T extends SpecificRecord> long each(Topic topic, Class<T> type, Consumer<T> sink)
            throws StartException, InterruptedException {
        return read(topic, type, topics.extents(topic), record -> true, (value, record) -> {
            sink.accept(value);
            return true;
        });
    }

    /**
     * Reads stretches of a topic, one after the other.
     *
     * @param wanted which records are decoded at all
     * @return how many of those could not be
     */
    public <T extends SpecificRecord> long read(
            Topic topic,
            Class<T> type,
            List<Extent> extents,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted,
            Sink<T> sink)
            throws InterruptedException {
        Codec<T> codec = decoder.codec(type);
        long[] unreadable = {0};
        for (Extent extent : extents) {
            topics.read(topic, extent, record -> {
                if (record.value() == null || !wanted.test(record)) {
                    return true;
                }
                T value;
                try {
                    value = decoder.decode(codec, record.value());
                } catch (WireException e) {
                    unreadable[0]++;
                    return true;
                }
                return sink.take(value, record);
            });
        }
        return unreadable[0];
    }

    @Override
    public void close() {
        decoder.close();
    }
}
