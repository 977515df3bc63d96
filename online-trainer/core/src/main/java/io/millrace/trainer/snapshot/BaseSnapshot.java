package io.millrace.trainer.snapshot;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.RowKey;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Codec;
import io.millrace.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * The file of a base snapshot: everything that a learner of one shard knows at one offset. It holds no clock: the same log
 * gives the same file, byte by byte.
 *
 * <p>Layout, integers little-endian: the magic {@code MILLBASE}; int 1, the format's version; int length and bytes of the
 * header, a {@link SnapshotHeader} in Avro's single-object encoding, so that it evolves as records do; int number of
 * blocks, and for each, ascending, int number, int length and the bytes of a {@link RowBlock}; long XXH3-64 (seed 0) of all
 * bytes before. Blocks without any row are left out.
 */
public final class BaseSnapshot {
    private static final byte[] MAGIC = "MILLBASE".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int MAX_HEADER_BYTES = 1 << 24;
    private static final int MAX_COLUMNS = 1 << 12;
    private static final Codec<SnapshotHeader> HEADER = SnapshotHeaders.codec();

    private BaseSnapshot() {}

    /** Receives what a file holds; only after reading has returned it is known to be sound. */
    public interface Rows {
        void begin(SnapshotHeader header);

        /**
         * A block with at least one row that is not zero.
         *
         * @param rows 256 rows, refilled for the next block
         */
        void block(int number, float[] rows);
    }

    /**
     * Writes a file's content.
     *
     * @param blocks ascending
     * @return its checksum, as manifests name it: the file's last 8 bytes
     */
    public static long write(OutputStream out, SnapshotHeader header, Collection<RowBlock> blocks) throws IOException {
        HashStream64 hash = Hashing.xxh3_64().hashStream();
        byte[] head = HEADER.encode(header);
        put(out, hash, MAGIC);
        put(out, hash, ints(VERSION, head.length));
        put(out, hash, head);
        put(out, hash, ints(blocks.size()));
        for (RowBlock block : blocks) {
            put(out, hash, ints(block.number(), block.bytes().length));
            put(out, hash, block.bytes());
        }
        long checksum = hash.getAsLong();
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(checksum)
                .array());
        return checksum;
    }

    /**
     * Reads a file to its end, and verifies checksum and digest.
     *
     * @param checksum what the manifest says, or 0 to rely on the file's own
     * @throws MalformedSnapshotException naming what does not fit: format, checksum or digest
     */
    public static SnapshotHeader read(InputStream in, long checksum, Rows rows) throws IOException {
        HashStream64 hash = Hashing.xxh3_64().hashStream();
        if (!Arrays.equals(take(in, hash, MAGIC.length), MAGIC)) {
            throw new MalformedSnapshotException("base snapshot", "another magic", "a file that begins with MILLBASE");
        }
        int version = takeInt(in, hash);
        if (version != VERSION) {
            throw new MalformedSnapshotException("base snapshot version", version, "1");
        }
        SnapshotHeader header = header(take(in, hash, limited("header bytes", takeInt(in, hash), MAX_HEADER_BYTES)));
        rows.begin(header);
        long digest = blocks(in, hash, header, rows);
        long computed = hash.getAsLong();
        long stored = ByteBuffer.wrap(take(in, hash, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (computed != stored || in.read() >= 0) {
            throw new MalformedSnapshotException(
                    "checksum", Long.toHexString(computed), "the file's last 8 bytes, " + Long.toHexString(stored));
        }
        if (checksum != 0 && checksum != stored) {
            throw new MalformedSnapshotException(
                    "checksum", Long.toHexString(stored), "the manifest's, " + Long.toHexString(checksum));
        }
        if (!Digest.text(digest).equals(header.getDigest())) {
            throw new MalformedSnapshotException("digest", Digest.text(digest), "the header's, " + header.getDigest());
        }
        return header;
    }

    /** The loss that a header names. */
    public static Loss loss(SnapshotHeader header) {
        return Arrays.stream(Loss.values())
                .filter(loss -> loss.text().equals(header.getLoss()))
                .findFirst()
                .orElseThrow(() -> new MalformedSnapshotException(
                        "loss", header.getLoss(), "one of " + Arrays.toString(Loss.values())));
    }

    private static long blocks(InputStream in, HashStream64 hash, SnapshotHeader header, Rows rows) throws IOException {
        int columns = header.getColumns().size();
        int last = (header.getRows() - 1) / RowBlock.ROWS;
        int count = limited("blocks", takeInt(in, hash), last + 1);
        float[] floats = new float[RowBlock.ROWS * columns];
        int before = -1;
        long digest = 0;
        for (int i = 0; i < count; i++) {
            int number = takeInt(in, hash);
            if (number <= before || number > last) {
                throw new MalformedSnapshotException("block", number, (before + 1) + " to " + last);
            }
            before = number;
            int length = limited("bytes of block " + number, takeInt(in, hash), RowBlock.maxBytes(columns));
            new RowBlock(number, take(in, hash, length)).unpack(floats, columns);
            for (int row = 0; row < RowBlock.ROWS; row++) {
                digest += Digest.row(number * RowBlock.ROWS + row, floats, row * columns, columns);
            }
            rows.block(number, floats);
        }
        return digest;
    }

    private static SnapshotHeader header(byte[] bytes) {
        try {
            SnapshotHeader header = HEADER.decode(bytes);
            limited("rows", header.getRows() - 1, Integer.MAX_VALUE - 1);
            limited("columns", header.getColumns().size() - 1, MAX_COLUMNS - 1);
            int keyColumn = RowKey.column(header.getColumns());
            int keys = keyColumn < header.getColumns().size() ? RowKey.SERVED : 0;
            limited("served columns", header.getServed() - keys - 1, keyColumn - 1);
            return header;
        } catch (WireException e) {
            throw new MalformedSnapshotException("header", e.getMessage(), "a snapshot header", e);
        }
    }

    private static int limited(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw new MalformedSnapshotException(name, value, "0 to " + most);
        }
        return value;
    }

    private static int takeInt(InputStream in, HashStream64 hash) throws IOException {
        return ByteBuffer.wrap(take(in, hash, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    private static byte[] take(InputStream in, HashStream64 hash, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new MalformedSnapshotException("base snapshot", "ends too early", count + " bytes more");
        }
        hash.putBytes(bytes);
        return bytes;
    }

    private static void put(OutputStream out, HashStream64 hash, byte[] bytes) throws IOException {
        out.write(bytes);
        hash.putBytes(bytes);
    }

    private static byte[] ints(int... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            out.putInt(value);
        }
        return out.array();
    }
}
