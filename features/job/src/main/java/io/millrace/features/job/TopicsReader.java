package io.millrace.features.job;

import io.millrace.wire.kafka.KafkaSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads several topics, each with its reader. */
final class TopicsReader implements KafkaRecordDeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, ArrivalReader<?>> readers = new LinkedHashMap<>();

    TopicsReader(KafkaSettings kafka, List<ArrivalReader<?>> readers) {
        readers.forEach(reader -> this.readers.put(kafka.name(reader.topic()), reader));
    }

    /** The topics' names in Kafka. */
    List<String> topics() {
        return List.copyOf(readers.keySet());
    }

    @Override
    public void open(InitializationContext context) throws Exception {
        for (Map.Entry<String, ArrivalReader<?>> reader : readers.entrySet()) {
            reader.getValue().open(context);
        }
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<byte[]> out) {
        readers.get(consumed.topic()).deserialize(consumed, out);
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
        return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
}
