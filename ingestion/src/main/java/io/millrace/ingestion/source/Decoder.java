package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;

/** Makes a tree of a record's bytes, whatever its format. */
interface Decoder {
    /**
     * The whole record.
     *
     * @throws UndecodableException if the bytes are no such record
     * @throws SchemaUnavailableException if its schema cannot be had now
     */
    JsonNode decode(byte[] bytes);
}
