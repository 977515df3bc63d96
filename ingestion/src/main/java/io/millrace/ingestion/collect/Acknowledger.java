package io.millrace.ingestion.collect;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Sends the records of a request and tells when Kafka has them all. Safe for use by several threads. */
final class Acknowledger {
    private final Producer<byte[], byte[]> producer;

    Acknowledger(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Sends the records in their order. The future fails with Kafka's exception as soon as one record fails; some of the
     * others may be written all the same. It is completed on the producer's thread. Blocks for as long as the producer's
     * {@code max.block.ms} where its buffer is full.
     */
    CompletableFuture<Void> send(List<Outgoing> records) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        AtomicInteger missing = new AtomicInteger(records.size());
        for (Outgoing record : records) {
            send(record.message(), missing, acknowledged);
            if (acknowledged.isCompletedExceptionally()) {
                break;
            }
        }
        return acknowledged;
    }

    private void send(
            ProducerRecord<byte[], byte[]> message, AtomicInteger missing, CompletableFuture<Void> acknowledged) {
        try {
            producer.send(message, (metadata, failure) -> {
                if (failure != null) {
                    acknowledged.completeExceptionally(failure);
                } else if (missing.decrementAndGet() == 0) {
                    acknowledged.complete(null);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.completeExceptionally(e);
        }
    }
}
