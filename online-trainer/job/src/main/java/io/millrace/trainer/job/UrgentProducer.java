package io.millrace.trainer.job;

import io.millrace.wire.kafka.KafkaSettings;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what must be out before the task fails, since a failing task's sink flushes nothing. */
final class UrgentProducer {
    private static final Logger LOG = LoggerFactory.getLogger(UrgentProducer.class);
    private static final long PATIENCE_SECONDS = 10;

    private UrgentProducer() {}

    /** Sends a record and waits until it is acknowledged, or for 10 seconds. */
    static void send(KafkaSettings kafka, Published published) throws InterruptedException {
        Properties properties = kafka.producer();
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(kafka.name(published.topic()), published.key(), published.value()))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("{}: not acknowledged (expected: within {} s)", published.topic(), PATIENCE_SECONDS, e);
        }
    }
}
