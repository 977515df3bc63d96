package io.millrace.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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

    /**
     * The catalogue's, and those with which earlier releases wrote what only we read.
     *
     * @param beside the class beside which they lie
     * @param files their names
     */
    public static Schemas withEarlier(Class<?> beside, List<String> files) {
        Schemas schemas = new Schemas();
        for (String name : files) {
            try (InputStream in = beside.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException(name + ": missing (expected: on the class path)");
                }
                schemas.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return schemas;
    }

    public void add(Schema schema) {
        byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        return byFingerprint.get(fingerprint);
    }
}
