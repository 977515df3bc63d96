package io.millrace.features.job;

import io.millrace.record.DeadLetter;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one topic into {@link Arrival}s. What cannot be read, or lies too far in the future, becomes a dead letter with its
 * place; a schema that is not known yet is waited for once.
 */
abstract class ArrivalReader<T extends SpecificRecord> implements KafkaRecordDeserializationSchema<byte[]> {
    static final String COMPONENT = "join";

    private final Class<T> type;
    private final KafkaSettings kafka;
    private final JoinJobSettings settings;
    private final Clock clock;
    private transient @Nullable Codec<T> codec;
    private transient @Nullable Codec<DeadLetter> letters;
    private transient @Nullable RecordDecoder decoder;

    ArrivalReader(Class<T> type, KafkaSettings kafka, JoinJobSettings settings, Clock clock) {
        this.type = type;
        this.kafka = kafka;
        this.settings = settings;
        this.clock = clock;
    }

    /** The record as it travels on; the bytes may be used as they are where they hold no more than is needed. */
    abstract Arrival arrival(T value, ConsumerRecord<byte[], byte[]> consumed, Codec<T> codec);

    @Override
    public void open(InitializationContext context) {
        decoder = new RecordDecoder(kafka, settings.patience().schemaWait());
        codec = decoder.codec(type);
        letters = Codec.of(DeadLetter.class);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<byte[]> out) {
        out.collect(read(consumed).pack());
    }

    private Arrival read(ConsumerRecord<byte[], byte[]> consumed) {
        if (consumed.value() == null) {
            return deadLetter(consumed, new byte[0], type.getSimpleName() + ": null (expected: a record)");
        }
        try {
            Arrival arrival = arrival(decoder.decode(codec, consumed.value()), consumed, codec);
            long latest = TimeUnit.MILLISECONDS.toMicros(
                    clock.millis() + settings.patience().maxAhead().toMillis());
            return arrival.timeMicros() <= latest
                    ? arrival
                    : deadLetter(consumed, consumed.value(), tooFarAhead(arrival.timeMicros(), latest));
        } catch (WireException e) {
            return deadLetter(consumed, consumed.value(), e.getMessage());
        }
    }

    private String tooFarAhead(long timeMicros, long latestMicros) {
        return new Problem(
                        type.getSimpleName() + ".timeMicros",
                        Instant.EPOCH.plus(timeMicros, ChronoUnit.MICROS).toString(),
                        "at most " + Instant.EPOCH.plus(latestMicros, ChronoUnit.MICROS) + ", "
                                + settings.patience().maxAhead() + " ahead of the clock")
                .toString();
    }

    /** Dead letters are spread over the tasks by their offset. */
    private Arrival deadLetter(ConsumerRecord<byte[], byte[]> consumed, byte[] bytes, String reason) {
        DeadLetter letter = DeadLetters.letter(
                COMPONENT, consumed.topic(), consumed.partition(), consumed.offset(), bytes, reason, clock);
        return new Arrival(
                Arrival.Kind.DEAD_LETTER,
                consumed.partition(),
                consumed.offset(),
                consumed.offset(),
                0,
                letters.encode(letter));
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
        return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }

    /** The topic that this reads. */
    abstract Topic topic();
}
