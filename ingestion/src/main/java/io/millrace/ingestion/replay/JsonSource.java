package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One JSON object a line; blank lines are passed over. */
final class JsonSource implements RowSource {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 16 << 20;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String file;
    private final InputStream input;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private long line;

    JsonSource(String file, InputStream input) {
        this.file = file;
        this.input = input;
    }

    @Override
    public void require(Iterable<String> columns) {}

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public Optional<Row> next() {
        try {
            for (Optional<byte[]> text = readLine(); text.isPresent(); text = readLine()) {
                byte[] bytes = line == 1 ? withoutBom(text.get()) : text.get();
                if (!isBlank(bytes)) {
                    return Optional.of(new JsonRow(file, line, bytes));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw Input.unreadable(file, line, e);
        }
    }

    private Optional<byte[]> readLine() throws IOException {
        if (position == end && !fill()) {
            return Optional.empty();
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(256);
        do {
            int from = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            text.write(buffer, from, position - from);
            if (text.size() > MAX_LINE) {
                String place = file + ", line " + (line + 1);
                throw new DataException(
                        new Problem(place, "over " + MAX_LINE + " bytes", "one JSON object a line"), line + 1);
            }
            if (position < end) {
                position++;
                break;
            }
        } while (fill());
        line++;
        return Optional.of(text.toByteArray());
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
            throw Input.unreadable(file, line, e);
        }
    }
}
