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
import java.util.function.Consumer;
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
    private final Class<T> type;
    private final KafkaSettings kafka;
    private final JoinJobSettings.Patience patience;
    private final String component;
    private final Clock clock;
    private transient @Nullable Codec<T> codec;
    private transient @Nullable Codec<DeadLetter> letters;
    private transient @Nullable RecordDecoder decoder;

    /**
     * @param component whose dead letters are written
     */
    ArrivalReader(
            Class<T> type, KafkaSettings kafka, JoinJobSettings.Patience patience, String component, Clock clock) {
        this.type = type;
        this.kafka = kafka;
        this.patience = patience;
        this.component = component;
        this.clock = clock;
    }

    /**
     * Tells as what the record travels on.
     *
     * @throws WireException if it cannot
     */
    abstract void arrive(T value, ConsumerRecord<byte[], byte[]> consumed, Codec<T> codec, Consumer<Arrival> out);

    abstract long timeMicros(T value);

    @Override
    public void open(InitializationContext context) {
        decoder = new RecordDecoder(kafka, patience.schemaWait());
        codec = decoder.codec(type);
        letters = Codec.of(DeadLetter.class);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<byte[]> out) {
        read(consumed, arrival -> out.collect(arrival.pack()));
    }

    private void read(ConsumerRecord<byte[], byte[]> consumed, Consumer<Arrival> out) {
        if (consumed.value() == null) {
            out.accept(deadLetter(consumed, new byte[0], type.getSimpleName() + ": null (expected: a record)"));
            return;
        }
        try {
            T value = decoder.decode(codec, consumed.value());
            long latest = TimeUnit.MILLISECONDS.toMicros(
                    clock.millis() + patience.maxAhead().toMillis());
            if (timeMicros(value) <= latest) {
                arrive(value, consumed, codec, out);
            } else {
                out.accept(deadLetter(consumed, consumed.value(), tooFarAhead(timeMicros(value), latest)));
            }
        } catch (WireException e) {
            out.accept(deadLetter(consumed, consumed.value(), e.getMessage()));
        }
    }

    private String tooFarAhead(long timeMicros, long latestMicros) {
        return new Problem(
                        type.getSimpleName() + ".timeMicros",
                        Instant.EPOCH.plus(timeMicros, ChronoUnit.MICROS).toString(),
                        "at most " + Instant.EPOCH.plus(latestMicros, ChronoUnit.MICROS) + ", " + patience.maxAhead()
                                + " ahead of the clock")
                .toString();
    }

    /** Dead letters are spread over the tasks by their offset. */
    Arrival deadLetter(ConsumerRecord<byte[], byte[]> consumed, byte[] bytes, String reason) {
        DeadLetter letter = DeadLetters.letter(
                component, consumed.topic(), consumed.partition(), consumed.offset(), bytes, reason, clock);
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
