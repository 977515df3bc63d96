package io.millrace.features.job.history;

import io.millrace.features.history.HistoryTable;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** A codec for the records of each topic that has a table. */
final class RecordCodecs {
    private final Map<Topic, Codec<SpecificRecord>> codecs = new EnumMap<>(Topic.class);

    /** Of the catalogue's schemas only. */
    RecordCodecs() {
        this(Codec::of);
    }

    RecordCodecs(Function<Class<SpecificRecord>, Codec<SpecificRecord>> make) {
        HistoryTable.TOPICS.forEach(topic -> codecs.put(topic, make.apply(type(topic))));
    }

    Codec<SpecificRecord> of(Topic topic) {
        Codec<SpecificRecord> codec = codecs.get(topic);
        if (codec == null) {
            throw new IllegalArgumentException(
                    "topic: " + topic.text() + " (expected: one of " + HistoryTable.TOPICS + ")");
        }
        return codec;
    }

    @SuppressWarnings("unchecked") // Records of the catalogue are generated.
    private static Class<SpecificRecord> type(Topic topic) {
        return (Class<SpecificRecord>)
                SpecificData.get().getClass(topic.schema().orElseThrow());
    }
}
