package io.millrace.ingestion.table;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.xerial.snappy.Snappy;

/** Unpacks blocks of Avro. */
enum AvroCodec {
    NULL,
    DEFLATE,
    SNAPPY,
    ZSTANDARD;

    private static final int CHECKSUM = 4;

    /** @throws AvroBlocks.Malformed if the codec is another */
    static AvroCodec of(byte[] name) throws IOException {
        String text = new String(name, StandardCharsets.UTF_8);
        return switch (text) {
            case "null" -> NULL;
            case "deflate" -> DEFLATE;
            case "snappy" -> SNAPPY;
            case "zstandard" -> ZSTANDARD;
            default -> throw new AvroBlocks.Malformed("compressed with " + text, "null, deflate, snappy or zstandard");
        };
    }

    /** @param most that may come out */
    byte[] unpack(byte[] packed, int most) throws IOException {
        return switch (this) {
            case NULL -> packed;
            case DEFLATE -> inflate(packed, most);
            case SNAPPY -> snappy(packed, most);
            case ZSTANDARD -> drain(new ZstdInputStream(new ByteArrayInputStream(packed)), most);
        };
    }

    private static byte[] inflate(byte[] packed, int most) throws IOException {
        Inflater raw = new Inflater(true);
        try {
            return drain(new InflaterInputStream(new ByteArrayInputStream(packed), raw), most);
        } finally {
            raw.end();
        }
    }

    /** Avro writes a checksum of what is packed after it. */
    private static byte[] snappy(byte[] packed, int most) throws IOException {
        int length = packed.length - CHECKSUM;
        if (length < 0 || !Snappy.isValidCompressedBuffer(packed, 0, length)) {
            throw new IOException("a block is not what Snappy packs");
        }
        int size = Snappy.uncompressedLength(packed, 0, length);
        if (size > most) {
            throw new IOException(size + " bytes where " + most + " are the most");
        }
        byte[] unpacked = new byte[size];
        Snappy.uncompress(packed, 0, length, unpacked, 0);
        return unpacked;
    }

    private static byte[] drain(InputStream unpacked, int most) throws IOException {
        try (unpacked) {
            byte[] bytes = unpacked.readNBytes(most);
            if (bytes.length == most && unpacked.read() >= 0) {
                throw new IOException("a block unpacks to more than " + most + " bytes");
            }
            return bytes;
        }
    }
}
