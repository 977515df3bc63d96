package io.millrace.trainer.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Where base snapshots are kept. A snapshot is there whole or not at all. Safe for use by several threads and processes.
 */
public interface SnapshotStore {
    /** The store under a URI: {@code file:///var/lib/millrace/bases}. */
    static SnapshotStore of(URI root) {
        if (!"file".equals(root.getScheme()) || root.getPath() == null) {
            throw new IllegalArgumentException("store: " + root + " (expected: a URI like file:///var/lib/millrace)");
        }
        return new LocalSnapshotStore(Path.of(root));
    }

    /** Writes the content and returns its checksum. */
    @FunctionalInterface
    interface Body {
        long writeTo(OutputStream out) throws IOException;
    }

    /**
     * What a manifest says of a snapshot.
     *
     * @param uri for {@link #open}
     * @param checksum as the body returned it
     */
    record Stored(String uri, long checksum) {}

    /** Writes a snapshot, or the same once more; when this returns, it survives a crash of the machine. */
    Stored write(BaseName name, Body body) throws IOException;

    /**
     * Opens a snapshot; the caller closes it.
     *
     * @throws IllegalArgumentException if the URI does not lie in this store
     * @throws java.nio.file.NoSuchFileException if it was deleted
     */
    InputStream open(String uri) throws IOException;

    /**
     * Opens a snapshot that {@link #list} names; the caller closes it.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there, or no longer
     */
    InputStream open(BaseName name) throws IOException;

    /** The snapshots of one shard, ascending by offset. */
    List<BaseName> list(String model, String lineage, int shard) throws IOException;

    /** Deletes a snapshot if it is there. */
    void delete(BaseName name) throws IOException;
}
