package io.millrace.trainer.job;

import io.millrace.record.Example;
import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import io.millrace.wire.UnknownSchemaException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.SchemaTopic;
import java.time.Duration;

/**
 * Decodes examples; a schema not known yet is waited for, once. Not thread-safe.
 */
final class ExampleReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SchemaTopic topic;
    private final Codec<Example> codec;

    ExampleReader(KafkaSettings kafka) {
        Schemas schemas = new Schemas();
        this.topic = new SchemaTopic(kafka, schemas);
        this.codec = Codec.of(Example.class, schemas);
    }

    /**
     * @throws io.millrace.wire.WireException if the bytes are no example, or written with a schema that stays unknown
     */
    Example read(byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (UnknownSchemaException e) {
            if (topic.await(e.fingerprint(), PATIENCE)) {
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
