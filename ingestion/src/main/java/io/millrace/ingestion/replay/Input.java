package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be gzipped, and says in one sentence what is wrong with one that cannot be read. */
final class Input {
    private static final int BUFFER = 1 << 16;
    private static final String READABLE = "a file that can be read";

    private Input() {}

    /** Uncompressed where the content, whatever the name, is gzip; a name that ends in {@code .gz} promises it. */
    static InputStream open(Path path) {
        String file = path.toString();
        if (Files.isDirectory(path)) {
            throw new DataException(new Problem(file, "a directory", READABLE), 0);
        }
        try {
            return of(file, Files.newInputStream(path));
        } catch (NoSuchFileException e) {
            throw new DataException(Problem.missing(file, READABLE), 0, e);
        } catch (AccessDeniedException e) {
            throw new DataException(new Problem(file, "no permission", READABLE), 0, e);
        } catch (IOException e) {
            throw unreadable(file, 0, e);
        }
    }

    /** The same of a stream, which is closed where this throws. */
    static InputStream of(String name, InputStream stream) {
        InputStream raw = new BufferedInputStream(stream, BUFFER);
        try {
            return unpacked(name, raw);
        } catch (IOException e) {
            throw closed(raw, unreadable(name, 0, e));
        } catch (DataException e) {
            throw closed(raw, e);
        }
    }

    private static DataException closed(InputStream raw, DataException because) {
        try {
            raw.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
        return because;
    }

    private static InputStream unpacked(String file, InputStream raw) throws IOException {
        if (isGzip(raw)) {
            return new GZIPInputStream(raw, BUFFER);
        }
        if (file.endsWith(".gz")) {
            throw new DataException(new Problem(file, "not gzipped", "gzip, as its name says"), 0);
        }
        return raw;
    }

    /** @param line the last line that was read */
    static DataException unreadable(String file, long line, IOException e) {
        String name = line == 0 ? file : file + ", after line " + line;
        Problem problem;
        if (e instanceof EOFException) {
            problem = new Problem(name, "ends in the middle of its gzip data", "a whole file");
        } else if (e instanceof ZipException) {
            problem = new Problem(name, "broken gzip data, " + e.getMessage(), "a whole file");
        } else {
            problem = new Problem(name, e.toString(), READABLE);
        }
        return new DataException(problem, line, e);
    }

    private static boolean isGzip(InputStream buffered) throws IOException {
        buffered.mark(2);
        boolean isMagic = buffered.read() == 0x1F && buffered.read() == 0x8B;
        buffered.reset();
        return isMagic;
    }
}
