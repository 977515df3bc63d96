package io.millrace.wire.kafka;

import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import io.millrace.wire.UnknownSchemaException;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * Decodes records of any type, whichever version wrote them: a schema that is not known yet is waited for, once. It is looked
 * up in the topic {@code schemas}, to which no connection is made before.
 *
 * <p>Not thread-safe.
 */
public final class RecordDecoder implements AutoCloseable {
    private final Schemas schemas = new Schemas();
    private final SchemaTopic topic;
    private final Duration patience;

    /** @param patience how long a schema is waited for */
    public RecordDecoder(KafkaSettings kafka, Duration patience) {
        this.topic = new SchemaTopic(kafka, schemas);
        this.patience = patience;
    }

    /** A codec that knows every schema this decoder has learned; made once a type. */
    public <T extends SpecificRecord> Codec<T> codec(Class<T> type) {
        return Codec.of(type, schemas);
    }

    /**
     * @param codec one of this decoder's
     * @throws io.millrace.wire.WireException if the bytes are no such record, or the schema they were written with stays
     *     unknown
     */
    public <T extends SpecificRecord> T decode(Codec<T> codec, byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (UnknownSchemaException e) {
            if (topic.await(e.fingerprint(), patience)) {
                return codec.decode(bytes);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        topic.close();
    }
}
