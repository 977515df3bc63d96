package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be gzipped, and says in one sentence what is wrong with one that cannot be read. */
final class Input {
    /** How much of a stream that {@link #of} gave can be looked at in advance. */
    static final int BUFFER = 1 << 16;

    private static final String READABLE = "a file that can be read";
    private static final String WHOLE = "a whole file";

    private Input() {}

    /**
     * Uncompressed where the content, whatever the name, is gzip; a name that ends in {@code .gz} promises it. The stream can
     * be marked.
     */
    static InputStream open(Path path) {
        try {
            return of(path.toString(), Files.newInputStream(file(path)));
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    /** The same of a stream, which is closed where this throws. */
    static InputStream of(String name, InputStream stream) {
        InputStream raw = new BufferedInputStream(stream, BUFFER);
        try {
            return unpacked(name, raw);
        } catch (IOException e) {
            throw closed(raw, unreadable(name, e));
        } catch (DataException e) {
            throw closed(raw, e);
        }
    }

    /** A file for reading here and there: one that is gzipped is unpacked into a temporary file first. */
    static FileChannel openChannel(Path path) {
        String name = path.toString();
        try {
            if (name.endsWith(".gz") || isGzip(file(path))) {
                return spool(name, open(path));
            }
            return FileChannel.open(path);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** Copies a stream into a temporary file, which is gone when it is closed; closes the stream. */
    static FileChannel spool(String name, InputStream stream) {
        try (stream) {
            Path copy = Files.createTempFile("millrace-", ".table");
            FileChannel channel = FileChannel.open(
                    copy, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            try {
                stream.transferTo(Channels.newOutputStream(channel));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static Path file(Path path) {
        if (Files.isDirectory(path)) {
            throw new DataException(new Problem(path.toString(), "a directory", READABLE), 0);
        }
        return path;
    }

    static DataException closed(InputStream raw, DataException because) {
        try {
            raw.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
        return because;
    }

    private static InputStream unpacked(String file, InputStream raw) throws IOException {
        if (isGzip(raw)) {
            return new BufferedInputStream(new Gzip(raw), BUFFER);
        }
        if (file.endsWith(".gz")) {
            throw new DataException(new Problem(file, "not gzipped", "gzip, as its name says"), 0);
        }
        return raw;
    }

    /** Packed data that are no gzip, or not all of it; not to be taken for the end of what is unpacked. */
    static final class GzipException extends IOException {
        private static final long serialVersionUID = 1L;

        GzipException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private static final class Gzip extends GZIPInputStream {
        Gzip(InputStream packed) throws IOException {
            super(packed, BUFFER);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (EOFException e) {
                throw new GzipException("ends in the middle of its gzip data", e);
            } catch (ZipException e) {
                throw new GzipException("broken gzip data, " + e.getMessage(), e);
            }
        }
    }

    static DataException unreadable(String file, IOException e) {
        return unreadable(new Columns.Origin(file, "line"), 0, e);
    }

    /** @param last the last line or row that was read */
    static DataException unreadable(Columns.Origin origin, long last, IOException e) {
        String place = origin.after(last);
        Problem problem;
        if (e instanceof NoSuchFileException) {
            problem = Problem.missing(place, READABLE);
        } else if (e instanceof AccessDeniedException) {
            problem = new Problem(place, "no permission", READABLE);
        } else if (e instanceof GzipException) {
            problem = new Problem(place, String.valueOf(e.getMessage()), WHOLE);
        } else if (e instanceof EOFException) {
            problem = new Problem(place, "ends in the middle of its gzip data", WHOLE);
        } else if (e instanceof ZipException) {
            problem = new Problem(place, "broken gzip data, " + e.getMessage(), WHOLE);
        } else {
            problem = new Problem(place, e.toString(), READABLE);
        }
        return new DataException(problem, last, e);
    }

    private static boolean isGzip(Path path) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path))) {
            return isGzip(raw);
        }
    }

    private static boolean isGzip(InputStream buffered) throws IOException {
        buffered.mark(2);
        boolean isMagic = buffered.read() == 0x1F && buffered.read() == 0x8B;
        buffered.reset();
        return isMagic;
    }
}
