package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Avro, by one schema, or by that which each record's frame names. */
final class AvroDecoder implements Decoder {
    /** How many readers are kept. */
    private static final int KNOWN = 1000;

    private final @Nullable Schema only;
    private final @Nullable SchemaById schemas;
    private final Map<Schema, GenericDatumReader<Object>> readers = new HashMap<>();
    private @Nullable BinaryDecoder binary;

    private AvroDecoder(@Nullable Schema only, @Nullable SchemaById schemas) {
        this.only = only;
        this.schemas = schemas;
    }

    static AvroDecoder bare(Schema schema) {
        return new AvroDecoder(schema, null);
    }

    static AvroDecoder framed(SchemaById schemas) {
        return new AvroDecoder(null, schemas);
    }

    @Override
    public JsonNode decode(byte[] bytes) {
        if (only != null) {
            return decode(bytes, 0, only, "bytes of the schema " + only.getFullName());
        }
        int id = Frame.schemaId(bytes);
        return decode(bytes, Frame.BYTES, schema(id), "bytes of the schema of id " + id);
    }

    private Schema schema(int id) {
        try {
            return Objects.requireNonNull(schemas)
                    .find(id)
                    .orElseThrow(() -> new UndecodableException("schema id " + id, "one that the registry knows"));
        } catch (AvroRuntimeException e) {
            throw new UndecodableException("schema id " + id, "that of an Avro schema; " + e.getMessage(), e);
        }
    }

    private JsonNode decode(byte[] bytes, int from, Schema schema, String expected) {
        if (readers.size() > KNOWN) {
            readers.clear();
        }
        GenericDatumReader<Object> reader =
                readers.computeIfAbsent(schema, by -> new GenericDatumReader<>(by, by, AvroTree.GENERIC));
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, binary);
            binary = null;
            JsonNode tree = AvroTree.of(reader.read(null, decoder), schema);
            if (!decoder.isEnd()) {
                throw new UndecodableException("bytes left over after the record", expected);
            }
            binary = decoder;
            return tree;
        } catch (IOException
                | AvroRuntimeException
                | ClassCastException
                | IndexOutOfBoundsException
                | UnsupportedOperationException
                | StackOverflowError e) {
            // A recursive schema nests as deeply as the bytes say.
            throw new UndecodableException("broken Avro data, " + e, expected, e);
        }
    }
}
