package io.millrace.ingestion.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro object container file: {@code Obj} and 1, a map with schema and codec, a marker of 16 bytes, then blocks of
 * a count, a size, records and the marker. Not thread-safe.
 *
 * <p>Avro's own reader takes a file that ends within a block for one that ends before it; this one does not.
 */
final class AvroBlocks implements AutoCloseable {
    private static final int MARKER = 16;
    private static final long MAX_BLOCK = 1L << 29;
    private static final long MAX_HEADER = 1L << 26;

    private final InputStream input;
    private final BinaryDecoder numbers;
    private final Schema schema;
    private final AvroCodec codec;
    private final byte[] marker;

    /** The records of a block, packed no more. */
    record Block(long count, byte[] records) {}

    /** Something that no Avro file has in this place. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;
        private final String expected;

        Malformed(String found, String expected) {
            super(found);
            this.expected = expected;
        }

        String expected() {
            return expected;
        }
    }

    /**
     * @throws Malformed if the stream is no such file, or one with a codec that is not read
     * @throws EOFException if it ends within the header
     */
    AvroBlocks(InputStream input) throws IOException {
        this.input = input;
        this.numbers = DecoderFactory.get().directBinaryDecoder(input, null);
        byte[] magic = input.readNBytes(DataFileConstants.MAGIC.length);
        if (!Arrays.equals(magic, DataFileConstants.MAGIC)) {
            throw new Malformed(magic.length == 0 ? "empty" : "no Avro magic number", "an Avro object container file");
        }
        Map<String, byte[]> header = header();
        this.schema = new Schema.Parser()
                .parse(new String(header.getOrDefault(DataFileConstants.SCHEMA, new byte[0]), StandardCharsets.UTF_8));
        this.codec = AvroCodec.of(header.getOrDefault(
                DataFileConstants.CODEC, DataFileConstants.NULL_CODEC.getBytes(StandardCharsets.UTF_8)));
        this.marker = bytes(MARKER);
    }

    /** A map is written in pieces, and of a piece with its size the count is negative. */
    private Map<String, byte[]> header() throws IOException {
        Map<String, byte[]> header = new HashMap<>();
        for (long count = numbers.readLong(); count != 0; count = numbers.readLong()) {
            if (count < 0) {
                numbers.readLong();
            }
            for (long i = Math.abs(count); i > 0; i--) {
                String name = new String(bytes(size(MAX_HEADER)), StandardCharsets.UTF_8);
                header.put(name, bytes(size(MAX_HEADER)));
            }
        }
        return header;
    }

    Schema schema() {
        return schema;
    }

    /**
     * The next block; null after the last.
     *
     * @throws EOFException if the file ends within it
     */
    @Nullable
    Block next() throws IOException {
        input.mark(1);
        if (input.read() < 0) {
            return null;
        }
        input.reset();
        long count = numbers.readLong();
        byte[] packed = bytes(size(MAX_BLOCK));
        if (!Arrays.equals(bytes(MARKER), marker)) {
            throw new IOException("a block ends with another marker than the header's");
        }
        return new Block(count, codec.unpack(packed, (int) MAX_BLOCK));
    }

    private int size(long most) throws IOException {
        long size = numbers.readLong();
        if (size < 0 || size > most) {
            throw new IOException(size + " bytes where " + most + " are the most");
        }
        return (int) size;
    }

    /** Takes no more memory than there are bytes, whatever size they are said to have. */
    private byte[] bytes(int size) throws IOException {
        byte[] bytes = input.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("ends early");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
