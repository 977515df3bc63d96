package io.millrace.local.learn;

import io.millrace.trainer.learn.PredictionSink;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as CSV, a line an example: the row's number in the file from 0, the prediction and the label. The file is there
 * once it is {@linkplain #finish finished}; until then an earlier one stays as it was. Devices, pipes and standard
 * output ({@code -}) are written to at once.
 */
final class PredictionFile implements PredictionSink, Closeable {
    /** A line that could not be written. */
    static final class UnwritableException extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        UnwritableException(IOException cause) {
            super(cause);
        }
    }

    /** Below it, every whole number is a double. */
    private static final double EXACT = 0x1p53;

    private final Path file;
    private final @Nullable Path part;
    private final BufferedWriter out;
    private boolean isFinished;

    PredictionFile(Path file) throws IOException {
        this.file = !Outputs.isStandard(file) && Files.exists(file) ? file.toRealPath() : file;
        boolean isStandard = Outputs.isStandard(file);
        this.part = isStandard || isDevice(file) ? null : part(this.file);
        if (part != null && Files.exists(file) && !Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        out = isStandard
                ? new BufferedWriter(new OutputStreamWriter(Outputs.standard(), StandardCharsets.UTF_8))
                : Files.newBufferedWriter(part == null ? file : part);
        out.write("row,prediction,label\n");
    }

    /** Where the lines are until all are there. */
    static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /** Something else than a file, or a name for whatever the process has open. */
    private static boolean isDevice(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith("/dev/") && !absolute.startsWith("/dev/shm/")
                || absolute.startsWith("/proc/")
                || Files.exists(file) && !Files.isRegularFile(file);
    }

    @Override
    public void predicted(long row, double prediction, double label, double importance) {
        try {
            out.write(Long.toString(row));
            out.write(',');
            out.write(Double.toString(prediction));
            out.write(',');
            out.write(text(label));
            out.write('\n');
        } catch (IOException e) {
            throw new UnwritableException(e);
        }
    }

    /** A label as a file would have it; empty for one that nobody knows. */
    static String text(double label) {
        if (Double.isNaN(label)) {
            return "";
        }
        boolean isWhole = label == Math.rint(label) && Math.abs(label) < EXACT;
        return isWhole ? Long.toString((long) label) : Double.toString(label);
    }

    /** No line follows: puts the file in its place. */
    void finish() throws IOException {
        out.close();
        if (part != null) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
        isFinished = true;
    }

    /** Leaves nothing behind of a file that was not finished. */
    @Override
    public void close() throws IOException {
        if (isFinished) {
            return;
        }
        try {
            out.close();
        } finally {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        }
    }
}
