package io.millrace.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a client was promised: a line for each piece of feedback that was acknowledged, its id and how often it had been sent by
 * then. Safe for use by several threads.
 */
final class Journal implements AutoCloseable {
    private final Writer writer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    Journal(Path file) throws IOException {
        this.writer = Files.newBufferedWriter(file);
    }

    void acknowledged(String id, int posts) {
        acknowledged.incrementAndGet();
        if (posts > 1) {
            repeated.incrementAndGet();
        }
        synchronized (writer) {
            try {
                writer.write(id + "\t" + posts + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** How many had to be sent more than once. */
    long repeated() {
        return repeated.get();
    }

    @Override
    public void close() throws IOException {
        synchronized (writer) {
            writer.close();
        }
    }
}
