package io.millrace.serving;

import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A store that opens nothing until it is told to: as far away as a test wants. */
public final class TestingStore implements SnapshotStore {
    private final SnapshotStore store;
    private final CountDownLatch released = new CountDownLatch(1);

    public TestingStore(SnapshotStore store) {
        this.store = store;
    }

    public void release() {
        released.countDown();
    }

    private void await() throws IOException {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public Stored write(BaseName name, Body body) throws IOException {
        return store.write(name, body);
    }

    @Override
    public InputStream open(String uri) throws IOException {
        await();
        return store.open(uri);
    }

    @Override
    public InputStream open(BaseName name) throws IOException {
        await();
        return store.open(name);
    }

    @Override
    public List<BaseName> list(String model, String lineage, int shard) throws IOException {
        return store.list(model, lineage, shard);
    }

    @Override
    public void delete(BaseName name) throws IOException {
        store.delete(name);
    }
}
