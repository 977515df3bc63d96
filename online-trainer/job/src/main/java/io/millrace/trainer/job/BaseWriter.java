package io.millrace.trainer.job;

import io.millrace.record.ShardBase;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes base snapshots on a thread of its own, and keeps a shard's last three, and its first, which its lineage began with. Used by one thread. */
final class BaseWriter implements AutoCloseable {
    private static final int KEPT = 3;

    private final SnapshotStore store;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "millrace-base-snapshots");
        made.setDaemon(true);
        return made;
    });

    BaseWriter(SnapshotStore store) {
        this.store = store;
    }

    /** Writes a copy of a shard; nobody changes the blocks any more. */
    Future<ShardBase> write(SnapshotHeader header, List<RowBlock> blocks) {
        Callable<ShardBase> task = () -> writeNow(header, blocks);
        return thread.submit(task);
    }

    /** The same on the caller's thread. */
    ShardBase writeNow(SnapshotHeader header, List<RowBlock> blocks) throws IOException {
        BaseName name = new BaseName(header.getModel(), header.getLineage(), header.getShard(), header.getOffset());
        SnapshotStore.Stored stored = store.write(name, out -> BaseSnapshot.write(out, header, blocks));
        deleteOld(name);
        return ShardBase.newBuilder()
                .setShard(header.getShard())
                .setOffset(header.getOffset())
                .setDigest(header.getDigest())
                .setUri(stored.uri())
                .setChecksum(stored.checksum())
                .build();
    }

    /** After a restart there may be newer ones, which are as good as they were: they are left alone. */
    private void deleteOld(BaseName newest) throws IOException {
        List<BaseName> upTo = store.list(newest.model(), newest.lineage(), newest.shard()).stream()
                .filter(name -> name.offset() <= newest.offset())
                .toList();
        for (BaseName old : upTo.subList(Math.min(1, upTo.size()), Math.max(1, upTo.size() - KEPT))) {
            store.delete(old);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
