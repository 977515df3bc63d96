package io.millrace.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro's <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">single-object encoding</a>
 * for one record type: the marker {@code C3 01}, the CRC-64-AVRO fingerprint of the writer's schema, the body. Any Avro
 * library reads it, and records written with other versions of the schema are resolved to this one.
 *
 * <p>Lengths that the bytes claim are checked against the bytes that are there before anything is allocated; Avro does so
 * in its generic readers, not in the generated "custom coders", which therefore stay off.
 *
 * <p>Safe for use by several threads.
 */
public final class Codec<T extends SpecificRecord> {
    /** Marker and fingerprint. */
    public static final int HEADER_BYTES = 10;

    private static final byte MARKER_0 = (byte) 0xC3;
    private static final byte MARKER_1 = 0x01;
    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final String recordName;
    private final Schema schema;
    private final SpecificData data;
    private final Schemas schemas;
    private final long fingerprint;
    private final byte[] header;
    private final SpecificDatumWriter<T> writer;
    private final SpecificDatumReader<T> reader;
    private final Map<Long, SpecificDatumReader<T>> otherReaders = new ConcurrentHashMap<>();
    private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);

    private Codec(Class<T> type, Schemas schemas) {
        this.data = SpecificData.getForClass(type);
        this.schema = data.getSchema(type);
        this.recordName = schema.getName();
        this.schemas = schemas;
        this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        this.header = ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER_0)
                .put(MARKER_1)
                .putLong(fingerprint)
                .array();
        this.writer = new SpecificDatumWriter<>(schema, data);
        this.reader = new SpecificDatumReader<>(schema, schema, data);
    }

    /** A codec that knows the catalogue's schemas only. */
    public static <T extends SpecificRecord> Codec<T> of(Class<T> type) {
        return new Codec<>(type, new Schemas());
    }

    /** A codec that looks up other writers' schemas. */
    public static <T extends SpecificRecord> Codec<T> of(Class<T> type, Schemas schemas) {
        return new Codec<>(type, schemas);
    }

    public byte[] encode(T value) {
        Buffers local = buffers.get();
        local.out.reset();
        local.out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(local.out, local.encoder);
        local.encoder = null;
        try {
            writer.write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        local.encoder = encoder;
        return local.out.toByteArray();
    }

    /**
     * A record as {@link #encode} would write it, give or take the order within maps.
     *
     * @param bytes from which it was decoded, which are given back where this codec's own schema wrote them
     */
    public byte[] encode(T value, byte[] bytes) {
        return fingerprint(bytes) == fingerprint ? bytes : encode(value);
    }

    /**
     * @throws UnknownSchemaException if the writer's schema is not known, yet
     * @throws MalformedRecordException if the bytes are no such record
     */
    public T decode(byte[] bytes) {
        long writers = fingerprint(bytes);
        SpecificDatumReader<T> chosen = writers == fingerprint ? reader : readerFor(writers);
        Buffers local = buffers.get();
        try {
            local.decoder =
                    DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, local.decoder);
            T value = chosen.read(null, local.decoder);
            if (!local.decoder.isEnd()) {
                throw malformed("bytes left over after the record", null);
            }
            return value;
        } catch (IOException
                | AvroRuntimeException
                | ClassCastException
                | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            throw malformed(e.toString(), e);
        }
    }

    private SpecificDatumReader<T> readerFor(long writers) {
        SpecificDatumReader<T> known = otherReaders.get(writers);
        if (known != null) {
            return known;
        }
        Schema writerSchema = schemas.findByFingerprint(writers);
        if (writerSchema == null) {
            throw new UnknownSchemaException(
                    recordName + ": schema fingerprint " + Long.toHexString(writers)
                            + " (expected: one in the catalogue or the topic schemas)",
                    writers,
                    null);
        }
        if (!SchemaCompatibility.schemaNameEquals(schema, writerSchema)) {
            throw malformed("a record " + writerSchema.getFullName(), null);
        }
        return otherReaders.computeIfAbsent(writers, key -> new SpecificDatumReader<>(writerSchema, schema, data));
    }

    private long fingerprint(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
            throw malformed("no single-object header C3 01 in " + bytes.length + " bytes", null);
        }
        return (long) LITTLE_ENDIAN_LONG.get(bytes, 2);
    }

    private MalformedRecordException malformed(String what, @Nullable Exception cause) {
        return new MalformedRecordException(
                recordName + ": " + what + " (expected: a record " + recordName + ")", cause);
    }

    private static final class Buffers {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

        /** Buffers: one that failed in the middle of a record is not used again. */
        @Nullable
        BinaryEncoder encoder;

        @Nullable
        BinaryDecoder decoder;
    }
}
