package io.millrace.wire.kafka;

import io.millrace.record.ModelControl;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic {@code model-control}: what operators want of models. Who follows it learns of every change; who changes it does so
 * by itself, one after the other: a change that is begun later shuts out one that is not committed yet.
 */
public final class ModelControls {
    private static final Logger LOG = LoggerFactory.getLogger(ModelControls.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(5);

    private ModelControls() {}

    /** Makes the next control from the one that holds; what it throws leaves everything as it is. */
    @FunctionalInterface
    public interface Change<X extends Exception> {
        /**
         * @param current none before the first
         * @return the next, whose revision is set by the writer
         */
        ModelControl next(Optional<ModelControl> current) throws X, InterruptedException;
    }

    /** The name of the partition that is followed. */
    public static TopicPartition partition(KafkaSettings kafka) {
        return new TopicPartition(kafka.name(Topic.MODEL_CONTROL), 0);
    }

    /** What holds for a model. */
    public static Optional<ModelControl> read(KafkaSettings kafka, String model) {
        return Optional.ofNullable(readAll(kafka).get(model));
    }

    /** What holds, by model. */
    public static Map<String, ModelControl> readAll(KafkaSettings kafka) {
        TopicPartition partition = partition(kafka);
        Map<String, ModelControl> found = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka);
                RecordDecoder decoder = new RecordDecoder(kafka, SCHEMA_WAIT)) {
            Codec<ModelControl> codec = decoder.codec(ModelControl.class);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    decode(decoder, codec, read).ifPresent(control -> found.put(control.getModel(), control));
                }
            }
        }
        return found;
    }

    private static Optional<ModelControl> decode(
            RecordDecoder decoder, Codec<ModelControl> codec, ConsumerRecord<byte[], byte[]> read) {
        if (read.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(codec, read.value()));
        } catch (WireException e) {
            LOG.error("record at offset {} of {}-{} is passed over", read.offset(), read.topic(), read.partition(), e);
            return Optional.empty();
        }
    }

    /**
     * Changes what holds for a model.
     *
     * @throws org.apache.kafka.common.errors.ProducerFencedException if another change was begun meanwhile; nothing is changed
     */
    public static <X extends Exception> ModelControl change(KafkaSettings kafka, String model, Change<X> change)
            throws X, InterruptedException {
        Codec<ModelControl> codec = Codec.of(ModelControl.class);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            Optional<ModelControl> current = read(kafka, model);
            ModelControl next = change.next(current);
            next.setRevision(current.map(ModelControl::getRevision).orElse(0L) + 1);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    kafka.name(Topic.MODEL_CONTROL), model.getBytes(StandardCharsets.UTF_8), codec.encode(next)));
            producer.commitTransaction();
            return next;
        }
    }

    private static Properties settings(KafkaSettings kafka) {
        Properties settings = kafka.producer();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "millrace-control");
        return settings;
    }

    /**
     * Follows what holds for a model, on a thread of its own.
     *
     * @param sink is told once all that was written before is read, and then of each change, on that thread
     */
    public static Follower follow(
            KafkaSettings kafka, String model, java.util.function.Consumer<Optional<ModelControl>> sink) {
        return Follower.start("model-control", kafka, () -> new Following(kafka, model, sink));
    }

    private static final class Following implements Follower.Task {
        private final KafkaSettings kafka;
        private final String model;
        private final java.util.function.Consumer<Optional<ModelControl>> sink;

        Following(KafkaSettings kafka, String model, java.util.function.Consumer<Optional<ModelControl>> sink) {
            this.kafka = kafka;
            this.model = model;
            this.sink = sink;
        }

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            TopicPartition partition = partition(kafka);
            sink.accept(read(kafka, model));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            if (!consumer.poll(POLL).isEmpty()) {
                sink.accept(read(kafka, model));
            }
        }
    }
}
