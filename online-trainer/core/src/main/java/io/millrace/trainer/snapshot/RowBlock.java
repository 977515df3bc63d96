package io.millrace.trainer.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * 256 rows of a table, as checkpoints and base snapshots keep them: a version byte, a bitmap of the rows that are not all
 * zero (32 bytes, least significant bit first), then these rows' floats, little-endian. The bytes are not copied: nobody
 * changes them.
 *
 * @param number rows {@code 256 * number} on
 */
public record RowBlock(int number, byte[] bytes) {
    /** Rows in a block; what a table has less is zero. */
    public static final int ROWS = 256;

    private static final byte VERSION = 1;
    private static final int HEAD = 1 + ROWS / Byte.SIZE;

    /**
     * Packs rows.
     *
     * @param rows {@code 256 * columns} floats
     */
    public static RowBlock pack(int number, float[] rows, int columns) {
        ByteBuffer out = ByteBuffer.allocate(maxBytes(columns)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(VERSION).position(HEAD);
        for (int row = 0; row < ROWS; row++) {
            if (!isZero(rows, row * columns, columns)) {
                int at = 1 + row / Byte.SIZE;
                out.put(at, (byte) (out.get(at) | 1 << row % Byte.SIZE));
                for (int i = 0; i < columns; i++) {
                    out.putFloat(rows[row * columns + i]);
                }
            }
        }
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return new RowBlock(number, bytes);
    }

    /**
     * The inverse: fills {@code rows}.
     *
     * @throws MalformedSnapshotException if the bytes are no block of such rows
     */
    public void unpack(float[] rows, int columns) {
        if (bytes.length < HEAD || bytes[0] != VERSION) {
            throw malformed(bytes.length + " bytes", "version " + VERSION + " and a bitmap");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(HEAD);
        for (int row = 0; row < ROWS; row++) {
            boolean present = (bytes[1 + row / Byte.SIZE] >>> row % Byte.SIZE & 1) == 1;
            if (present && in.remaining() < columns * Float.BYTES) {
                throw malformed("ends within row " + row, columns + " floats a row");
            }
            for (int i = 0; i < columns; i++) {
                float value = present ? in.getFloat() : 0;
                if (!Float.isFinite(value)) {
                    throw malformed(value + " in row " + row, "finite numbers");
                }
                rows[row * columns + i] = value;
            }
        }
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes left over", columns + " floats a row");
        }
    }

    /** The most bytes that a block may have. */
    static int maxBytes(int columns) {
        return HEAD + ROWS * columns * Float.BYTES;
    }

    /** Whether floats are zero bit for bit: a negative zero is something. */
    public static boolean isZero(float[] rows, int at, int columns) {
        int any = 0;
        for (int i = at; i < at + columns; i++) {
            any |= Float.floatToRawIntBits(rows[i]);
        }
        return any == 0;
    }

    private MalformedSnapshotException malformed(String value, String expected) {
        return new MalformedSnapshotException("block " + number, value, expected);
    }
}
