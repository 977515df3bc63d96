package io.millrace.local.verify;

import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/** Sound bases of a shard; damaged ones are passed over. */
public final class NearestBase {
    private NearestBase() {}

    /** The newest that is not beyond an offset, if there is one. */
    public static Optional<RootBase.Content> find(
            SnapshotStore store, String model, String lineage, int shard, long atMost) throws IOException {
        List<BaseName> names = new ArrayList<>(store.list(model, lineage, shard));
        Collections.reverse(names);
        return first(store, names, offset -> offset <= atMost);
    }

    /** The oldest that is of an offset or later, if there is one. */
    static Optional<RootBase.Content> oldest(SnapshotStore store, String model, String lineage, int shard, long atLeast)
            throws IOException {
        return first(store, store.list(model, lineage, shard), offset -> offset >= atLeast);
    }

    private static Optional<RootBase.Content> first(SnapshotStore store, List<BaseName> names, LongPredicate wanted)
            throws IOException {
        for (BaseName name : names) {
            if (wanted.test(name.offset())) {
                try (InputStream in = store.open(name)) {
                    return Optional.of(RootBase.read(in));
                } catch (NoSuchFileException | MalformedSnapshotException e) {
                    // The next will do.
                }
            }
        }
        return Optional.empty();
    }
}
