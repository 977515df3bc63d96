package io.millrace.wire.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon thread that runs {@link Task} after task over a Kafka consumer of its own until it is closed. When a task
 * fails, its consumer is closed and, after a second, a new task starts over with a new one.
 *
 * <p>{@link #close} may be called by any thread; it returns when the thread has ended.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final long PAUSE_MS = 1_000;

    /** What is done with a consumer: first prepared, then run again and again. */
    public interface Task extends AutoCloseable {
        /** Assigns partitions and seeks. */
        void open(Consumer<byte[], byte[]> consumer);

        /** One round, usually one poll. */
        void run(Consumer<byte[], byte[]> consumer);

        /** Gives back what it has opened, however it ended; it is not run again. */
        @Override
        default void close() {}
    }

    private final String name;
    private final KafkaSettings kafka;
    private final Supplier<? extends Task> tasks;
    private final Thread thread;
    private final Object lock = new Object();
    private volatile boolean closed;
    private @Nullable Consumer<byte[], byte[]> current;

    private Follower(String name, KafkaSettings kafka, Supplier<? extends Task> tasks) {
        this.name = name;
        this.kafka = kafka;
        this.tasks = tasks;
        this.thread = new Thread(this::follow, "millrace-" + name);
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public static Follower start(String name, KafkaSettings kafka, Supplier<? extends Task> tasks) {
        Follower follower = new Follower(name, kafka, tasks);
        follower.thread.start();
        return follower;
    }

    /** A consumer without a group, of committed records. */
    public static Consumer<byte[], byte[]> consumer(KafkaSettings kafka) {
        return new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow() {
        while (!closed) {
            try (Consumer<byte[], byte[]> consumer = open();
                    Task task = tasks.get()) {
                task.open(consumer);
                while (!closed) {
                    task.run(consumer);
                }
            } catch (WakeupException e) {
                LOG.debug("{}: woken up to close", name);
            } catch (KafkaException e) {
                LOG.warn("{}: {} (expected: records; trying again in a second)", name, e.toString());
                pause();
            } catch (RuntimeException e) {
                LOG.error("{}: failed, starting over in a second", name, e);
                pause();
            }
        }
    }

    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> consumer = consumer(kafka);
        synchronized (lock) {
            current = consumer;
            if (closed) {
                consumer.wakeup();
            }
        }
        return consumer;
    }

    private void pause() {
        synchronized (lock) {
            long end = System.nanoTime() + Duration.ofMillis(PAUSE_MS).toNanos();
            try {
                for (long left = PAUSE_MS; !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                    lock.wait(left);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (current != null) {
                current.wakeup();
            }
            lock.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
