package io.millrace.ingestion.collect;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a request and tells when Kafka has them all. Safe for use by several threads.
 *
 * <p>The producer blocks a sender where it knows no leader or its buffer is full. Once a sender has waited for that in vain,
 * one request at a time goes on trying, and all others fail at once instead of each blocking a thread.
 */
final class Acknowledger {
    private final Producer<byte[], byte[]> producer;
    private final AtomicBoolean isTrying = new AtomicBoolean();
    /** Why the last sender could not send, until one can again. */
    private volatile @Nullable TimeoutException blocked;

    Acknowledger(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Sends the records in their order. The future fails with Kafka's exception as soon as one record fails; some of the
     * others may be written all the same. It is completed on the producer's thread. Blocks for as long as the producer's
     * {@code max.block.ms}.
     */
    CompletableFuture<Void> send(List<Outgoing> records) {
        TimeoutException reason = blocked;
        if (reason == null) {
            return sendAll(records);
        }
        if (!isTrying.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(reason);
        }
        try {
            return sendAll(records);
        } finally {
            isTrying.set(false);
        }
    }

    private CompletableFuture<Void> sendAll(List<Outgoing> records) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        AtomicInteger missing = new AtomicInteger(records.size());
        for (Outgoing record : records) {
            if (!send(record.message(), missing, acknowledged)) {
                acknowledged.whenComplete((nothing, failure) -> {
                    if (failure instanceof TimeoutException timeout) {
                        blocked = timeout;
                    }
                });
                break;
            }
            if (blocked != null) {
                blocked = null;
            }
        }
        return acknowledged;
    }

    /** Returns whether the record is on its way. */
    private boolean send(
            ProducerRecord<byte[], byte[]> message, AtomicInteger missing, CompletableFuture<Void> acknowledged) {
        try {
            Future<RecordMetadata> sent = producer.send(message, (metadata, failure) -> {
                if (failure != null) {
                    acknowledged.completeExceptionally(failure);
                } else if (missing.decrementAndGet() == 0) {
                    acknowledged.complete(null);
                }
            });
            return !(sent.isDone() && acknowledged.isCompletedExceptionally());
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.completeExceptionally(e);
            return false;
        }
    }
}
