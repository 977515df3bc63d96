package io.millrace.local;

import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A base snapshot in a file that somebody named: read to its end, and sound. */
public record BaseFile(SnapshotHeader header, List<RowBlock> blocks) {
    private static final int BUFFER = 1 << 16;

    /**
     * Reads a file.
     *
     * @param name what the file is for, before its path in messages: {@code --from:}
     * @throws StartException naming file, place and expectation, if it is no base snapshot, or was cut or changed
     * @throws IOException if it cannot be read
     */
    public static BaseFile read(String name, Path file) throws StartException, IOException {
        Packing rows = new Packing();
        try (Counting in = new Counting(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            try {
                return new BaseFile(BaseSnapshot.read(in, 0, rows), rows.blocks);
            } catch (MalformedSnapshotException e) {
                String what = e.getCause() == null ? e.getMessage() : "header: broken (expected: a snapshot's header)";
                throw new StartException(
                        name + " " + file + ", after " + in.count + " of " + Files.size(file) + " bytes: " + what, e);
            }
        }
    }

    private static final class Packing implements BaseSnapshot.Rows {
        private final List<RowBlock> blocks = new ArrayList<>();
        private int columns;

        @Override
        public void begin(SnapshotHeader header) {
            columns = header.getColumns().size();
        }

        @Override
        public void block(int number, float[] rows) {
            blocks.add(RowBlock.pack(number, rows, columns));
        }
    }

    /** Knows how many bytes were taken. */
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int taken = in.read();
            count += taken < 0 ? 0 : 1;
            return taken;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int taken = in.read(into, offset, length);
            count += Math.max(0, taken);
            return taken;
        }
    }
}
