package io.millrace.ingestion.table;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** Unpacks pages. Stateless. */
final class ParquetCodec {
    static final String EXPECTED = "UNCOMPRESSED, SNAPPY, GZIP or ZSTD";

    private ParquetCodec() {}

    static boolean reads(CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> true;
            case LZO, BROTLI, LZ4, LZ4_RAW -> false;
        };
    }

    /** @param size of what comes out */
    static byte[] unpack(CompressionCodec codec, byte[] packed, int size) throws IOException {
        byte[] bytes = switch (codec) {
            case UNCOMPRESSED -> packed;
            case SNAPPY -> snappy(packed, size);
            case GZIP -> drain(new GZIPInputStream(new ByteArrayInputStream(packed)), size);
            case ZSTD -> drain(new ZstdInputStream(new ByteArrayInputStream(packed)), size);
            case LZO, BROTLI, LZ4, LZ4_RAW -> throw new IOException(codec + " (expected: " + EXPECTED + ")");
        };
        if (bytes.length != size) {
            throw new IOException("a page unpacks to " + bytes.length + " bytes (expected: " + size + ")");
        }
        return bytes;
    }

    private static byte[] snappy(byte[] packed, int size) throws IOException {
        int length = Snappy.uncompressedLength(packed);
        if (length != size) {
            throw new IOException("a page unpacks to " + length + " bytes (expected: " + size + ")");
        }
        return Snappy.uncompress(packed);
    }

    private static byte[] drain(InputStream unpacked, int size) throws IOException {
        try (unpacked) {
            return unpacked.readNBytes(size);
        }
    }
}
