package io.millrace.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.SchemaStore;
import org.jspecify.annotations.Nullable;

/**
 * The schemas known to this process: those of the catalogue, and whatever it has read from the topic {@code schemas}.
 * Safe for use by several threads.
 */
public final class Schemas implements SchemaStore {
    private final Map<Long, Schema> byFingerprint = new ConcurrentHashMap<>();

    /** Starts with the catalogue's. */
    public Schemas() {
        for (Topic topic : Topic.values()) {
            topic.schema().ifPresent(this::add);
        }
    }

    public void add(Schema schema) {
        byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        return byFingerprint.get(fingerprint);
    }
}
