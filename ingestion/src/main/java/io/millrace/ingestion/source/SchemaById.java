package io.millrace.ingestion.source;

import java.util.Optional;
import org.apache.avro.Schema;

/** Where schemas are looked up. Safe for use by several threads. */
public interface SchemaById {
    /**
     * The schema of an id; nothing where there is none, for certain.
     *
     * @throws SchemaUnavailableException if that cannot be told now
     * @throws org.apache.avro.AvroRuntimeException if what has the id is no Avro schema
     */
    Optional<Schema> find(int id);
}
