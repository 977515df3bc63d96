package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of a stream that are not blank, without a byte order mark. Not thread-safe. */
final class LineReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 16 << 20;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Columns.Origin origin;
    private final InputStream input;
    private final String expected;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private long line;

    /** @param expected of a line, in the message about one that is too long */
    LineReader(Columns.Origin origin, InputStream input, String expected) {
        this.origin = origin;
        this.input = input;
        this.expected = expected;
    }

    /** The number of the line that was read last, from 1. */
    long line() {
        return line;
    }

    /**
     * The next line without its end, but for a carriage return; null after the last.
     *
     * @throws DataException if the stream cannot be read on
     */
    byte @Nullable [] next() {
        try {
            for (byte[] text = read(); text != null; text = read()) {
                byte[] bytes = line == 1 ? withoutBom(text) : text;
                if (!isBlank(bytes)) {
                    return bytes;
                }
            }
            return null;
        } catch (IOException e) {
            throw Input.unreadable(origin, line, e);
        }
    }

    private byte @Nullable [] read() throws IOException {
        if (position == end && !fill()) {
            return null;
        }
        int from = position;
        if (skipToEnd()) {
            line++;
            return Arrays.copyOfRange(buffer, from, position++);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(2 * (position - from));
        text.write(buffer, from, position - from);
        while (fill()) {
            boolean isWhole = skipToEnd();
            text.write(buffer, 0, position);
            if (isWhole) {
                position++;
                break;
            }
            if (text.size() > MAX_LINE) {
                throw new DataException(
                        new Problem(origin.place(line + 1), "a line of over 16 MiB", expected + ", of at most 16 MiB"),
                        line + 1);
            }
        }
        line++;
        return text.toByteArray();
    }

    private boolean skipToEnd() {
        while (position < end && buffer[position] != '\n') {
            position++;
        }
        return position < end;
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, input.read(buffer));
        return end > 0;
    }

    private static byte[] withoutBom(byte[] text) {
        return Arrays.mismatch(text, BOM) >= BOM.length || Arrays.equals(text, BOM)
                ? Arrays.copyOfRange(text, BOM.length, text.length)
                : text;
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw Input.unreadable(origin, line, e);
        }
    }
}
