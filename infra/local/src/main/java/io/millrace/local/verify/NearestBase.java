package io.millrace.local.verify;

import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** The newest sound base of a shard that is not beyond an offset. */
public final class NearestBase {
    private NearestBase() {}

    /** Empty where there is none; damaged ones are passed over. */
    public static Optional<RootBase.Content> find(
            SnapshotStore store, String model, String lineage, int shard, long atMost) throws IOException {
        List<BaseName> names = store.list(model, lineage, shard);
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).offset() <= atMost) {
                try (InputStream in = store.open(names.get(i))) {
                    return Optional.of(RootBase.read(in));
                } catch (NoSuchFileException | MalformedSnapshotException e) {
                    // The one before will do.
                }
            }
        }
        return Optional.empty();
    }
}
