package io.millrace.trainer.job;

import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The base snapshot that every shard of a lineage starts from at offset 0: another lineage's, or one that was imported. What
 * it holds determines what is learned, where it lies does not: the digest is part of the lineage, the URI is not.
 *
 * @param uri a file in the job's store
 * @param digest of the file's rows, 16 hex digits
 */
public record RootBase(String uri, String digest) implements Serializable {
    public RootBase {
        Digest.parse(digest);
    }

    /** The one that a manifest names, of a file. */
    static RootBase of(ShardBase base) {
        return new RootBase(
                Objects.requireNonNull(base.getUri(), () -> "uri of the base at offset " + base.getOffset()),
                base.getDigest());
    }

    /** What the file holds. */
    public record Content(SnapshotHeader header, List<RowBlock> blocks) {
        /**
         * Has a shard that has learned nothing start from it.
         *
         * @throws IllegalArgumentException if its rows are not of the learner's kind
         */
        public void start(ShardLearner learner) {
            learner.start(header, blocks);
        }
    }

    /**
     * Reads the file and verifies it.
     *
     * @throws IllegalArgumentException if it has another digest
     * @throws io.millrace.trainer.snapshot.MalformedSnapshotException if it is no base snapshot
     */
    public Content read(SnapshotStore store) throws IOException {
        try (InputStream in = store.open(uri)) {
            return read(in, uri, digest);
        }
    }

    /**
     * Reads such a file, whichever it is, and verifies it.
     *
     * @param name what the file is called in errors
     * @throws IllegalArgumentException if it has another digest
     * @throws io.millrace.trainer.snapshot.MalformedSnapshotException if it is no base snapshot
     */
    public static Content read(InputStream in, String name, String digest) throws IOException {
        Content read = read(in);
        if (!read.header().getDigest().equals(digest)) {
            throw new IllegalArgumentException(
                    new Problem("digest of " + name, read.header().getDigest(), "the root's, " + digest).toString());
        }
        return read;
    }

    /**
     * Reads a file and verifies that it is sound.
     *
     * @throws io.millrace.trainer.snapshot.MalformedSnapshotException if it is no base snapshot
     */
    public static Content read(InputStream in) throws IOException {
        Blocks blocks = new Blocks();
        SnapshotHeader header = BaseSnapshot.read(in, 0, blocks);
        return new Content(header, blocks.packed);
    }

    private static final class Blocks implements BaseSnapshot.Rows {
        final List<RowBlock> packed = new ArrayList<>();
        private int columns;

        @Override
        public void begin(SnapshotHeader header) {
            columns = header.getColumns().size();
        }

        @Override
        public void block(int number, float[] rows) {
            packed.add(RowBlock.pack(number, rows, columns));
        }
    }
}
