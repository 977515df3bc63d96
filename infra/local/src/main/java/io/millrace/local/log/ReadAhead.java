package io.millrace.local.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** A thread that reads a part of a partition ahead of whoever needs it. Used by one thread, which closes it. */
final class ReadAhead implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long LOOK_AGAIN_MS = 100;
    private static final int BATCHES = 4;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final TopicLog.Extent extent;
    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread = new Thread(this::read, "millrace-read-ahead");
    private volatile boolean closed;

    private record Batch(
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable RuntimeException failure) {}

    /** @param consumer is closed with this */
    ReadAhead(Consumer<byte[], byte[]> consumer, TopicPartition partition, TopicLog.Extent extent) {
        this.consumer = consumer;
        this.partition = partition;
        this.extent = extent;
        thread.setDaemon(true);
        thread.start();
    }

    /** What comes next; empty once, at the end. */
    List<ConsumerRecord<byte[], byte[]>> next() throws InterruptedException {
        Batch batch = batches.take();
        if (batch.failure() != null) {
            throw batch.failure();
        }
        return batch.records();
    }

    private void read() {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, extent.begin());
            while (!closed && consumer.position(partition) < extent.end()) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    if (read.offset() < extent.end()) {
                        records.add(read);
                    }
                }
                if (!records.isEmpty()) {
                    put(new Batch(records, null));
                }
            }
            put(new Batch(List.of(), null));
        } catch (WakeupException e) {
            // Nobody wants more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        } catch (Error e) {
            fail(new IllegalStateException(partition + " cannot be read", e));
            throw e;
        }
    }

    private void fail(RuntimeException failure) {
        batches.clear();
        batches.add(new Batch(List.of(), failure));
    }

    private void put(Batch batch) throws InterruptedException {
        while (!closed && !batches.offer(batch, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
            // As far ahead as it may be.
        }
    }

    /** Returns when the thread has ended, unless this one is interrupted. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        batches.clear();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
