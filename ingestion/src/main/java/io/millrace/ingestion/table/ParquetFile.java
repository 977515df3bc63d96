package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The footer of a Parquet file: {@code PAR1}, pages, metadata, their length in 4 bytes, {@code PAR1}.
 *
 * <p>Parquet's own file reader needs Hadoop's classes, and holds a group of rows at a time. Here files are read with its
 * encodings alone, which do not, a page at a time.
 */
final class ParquetFile {
    private static final String PARQUET = "a Parquet file";
    private static final String WHOLE = "a whole Parquet file";
    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    private static final int TAIL = 8;

    private ParquetFile() {}

    /** @throws DataException if there is no footer, or something in it that cannot be read */
    static FileMetaData footer(String file, FileChannel channel) {
        FileMetaData footer;
        try {
            footer = read(file, channel);
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException problem) {
                throw problem;
            }
            throw new DataException(new Problem(file, "broken Parquet footer, " + e.getMessage(), WHOLE), 0, e);
        }
        for (RowGroup group : footer.getRow_groups()) {
            group.getColumns().forEach(chunk -> check(file, chunk));
        }
        return footer;
    }

    private static FileMetaData read(String file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size == 0) {
            throw new DataException(new Problem(file, "empty", PARQUET), 0);
        }
        if (size < MAGIC.length() || !magic(bytes(channel, 0, MAGIC.length())).startsWith("PAR")) {
            throw new DataException(new Problem(file, "no Parquet magic number", PARQUET), 0);
        }
        if (size < MAGIC.length() + TAIL) {
            throw new DataException(new Problem(file, "ends without a footer", WHOLE), 0);
        }
        byte[] tail = bytes(channel, size - TAIL, TAIL);
        String magic = magic(tail);
        if (magic.equals(ENCRYPTED)) {
            throw new DataException(new Problem(file, "encrypted", PARQUET + " that is not"), 0);
        }
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!magic.equals(MAGIC) || length <= 0 || length > size - TAIL - MAGIC.length()) {
            throw new DataException(new Problem(file, "ends without a footer", WHOLE), 0);
        }
        return Util.readFileMetaData(new ByteArrayInputStream(bytes(channel, size - TAIL - length, length)));
    }

    private static String magic(byte[] bytes) {
        return new String(bytes, bytes.length - MAGIC.length(), MAGIC.length(), StandardCharsets.ISO_8859_1);
    }

    private static void check(String file, ColumnChunk chunk) {
        if (!chunk.isSetMeta_data()) {
            throw new DataException(new Problem(file, "encrypted", PARQUET + " that is not"), 0);
        }
        List<String> path = chunk.getMeta_data().getPath_in_schema();
        if (!ParquetCodec.reads(chunk.getMeta_data().getCodec())) {
            throw new DataException(
                    new Problem(
                            file + ", column " + String.join(".", path),
                            "compressed with " + chunk.getMeta_data().getCodec(),
                            ParquetCodec.EXPECTED),
                    0);
        }
    }

    /** @throws EOFException if the file is shorter */
    static byte[] bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("ends early");
            }
        }
        return bytes.array();
    }
}
