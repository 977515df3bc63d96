package io.millrace.features.job.history;

import io.millrace.features.history.HistoryTable;
import io.millrace.record.DeadLetter;
import io.millrace.wire.Codec;
import io.millrace.wire.MalformedRecordException;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics that have a table. What cannot be read becomes a dead letter with its place; a schema that is not known yet is
 * waited for once.
 */
final class HistoryReader implements KafkaRecordDeserializationSchema<byte[]> {
    static final String COMPONENT = "history";

    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final Map<String, Topic> topics;
    private final Duration schemaWait;
    private final Clock clock;
    private transient @Nullable RecordDecoder decoder;
    private transient @Nullable RecordCodecs codecs;
    private transient @Nullable Codec<DeadLetter> letters;

    HistoryReader(KafkaSettings kafka, Duration schemaWait, Clock clock) {
        this.kafka = kafka;
        this.topics = HistoryJob.topics().stream().collect(Collectors.toMap(kafka::name, topic -> topic));
        this.schemaWait = schemaWait;
        this.clock = clock;
    }

    @Override
    public void open(InitializationContext context) {
        RecordDecoder opened = new RecordDecoder(kafka, schemaWait);
        decoder = opened;
        codecs = new RecordCodecs(opened::codec);
        letters = Codec.of(DeadLetter.class);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<byte[]> out) {
        out.collect(read(consumed).pack());
    }

    private Logged read(ConsumerRecord<byte[], byte[]> consumed) {
        Topic topic = topics.get(consumed.topic());
        if (consumed.value() == null) {
            return deadLetter(consumed, new byte[0], new Problem(topic.text(), "null", "a record").toString());
        }
        try {
            return read(topic, consumed);
        } catch (MalformedRecordException e) {
            return erasure(topic, consumed).orElseGet(() -> deadLetter(consumed, consumed.value(), reason(e)));
        } catch (WireException e) {
            return deadLetter(consumed, consumed.value(), reason(e));
        }
    }

    /** Between the examples stand erasures. */
    private Optional<Logged> erasure(Topic topic, ConsumerRecord<byte[], byte[]> consumed) {
        if (topic != Topic.EXAMPLES) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(Topic.ERASURES, consumed));
        } catch (WireException e) {
            return Optional.empty();
        }
    }

    private Logged read(Topic topic, ConsumerRecord<byte[], byte[]> consumed) {
        Codec<SpecificRecord> codec = codecs.of(topic);
        SpecificRecord log = decoder.decode(codec, consumed.value());
        return new Logged(
                topic, consumed.partition(), consumed.offset(), HistoryTable.timeMicros(log), codec.encode(log));
    }

    private Logged deadLetter(ConsumerRecord<byte[], byte[]> consumed, byte[] bytes, String reason) {
        DeadLetter letter = DeadLetters.letter(
                COMPONENT, consumed.topic(), consumed.partition(), consumed.offset(), bytes, reason, clock);
        return new Logged(
                Topic.DEAD_LETTERS,
                consumed.partition(),
                consumed.offset(),
                letter.getTimeMicros(),
                letters.encode(letter));
    }

    private static String reason(WireException e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
        return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
}
