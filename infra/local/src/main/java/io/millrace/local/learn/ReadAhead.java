package io.millrace.local.learn;

import io.millrace.ingestion.table.Table;
import io.millrace.vector.FeatureSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads batches on a thread of its own, a few ahead of whoever learns them. The table belongs to that thread, which closes
 * it. Batches come in the order of the file, whatever the threads do.
 */
final class ReadAhead implements AutoCloseable {
    private static final int BATCHES = 4;

    private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<Batch> full = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread;

    ReadAhead(Table table, ExampleReader reader, FeatureSet set) {
        for (int i = 0; i < BATCHES; i++) {
            empty.add(new Batch(set));
        }
        thread = new Thread(() -> read(table, reader), "rows");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Table table, ExampleReader reader) {
        try (table) {
            for (boolean isLast = false; !isLast; ) {
                Batch batch = empty.take();
                try {
                    reader.fill(batch);
                } catch (RuntimeException | StackOverflowError e) {
                    batch.fail(e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e));
                }
                isLast = batch.isLast();
                full.put(batch);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next batch; there is none after the {@linkplain Batch#isLast last}. */
    Batch take() throws InterruptedException {
        return full.take();
    }

    /** Gives a batch back that has been learned. */
    void recycle(Batch batch) {
        empty.add(batch);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
