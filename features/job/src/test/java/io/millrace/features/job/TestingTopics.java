package io.millrace.features.job;

import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Writes what the join reads and reads what it writes, as a read_committed consumer sees it. */
final class TestingTopics implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaSettings settings;
    private final Producer<byte[], byte[]> producer;
    private final Codec<Decision> decisions = Codec.of(Decision.class);
    private final Codec<Feedback> feedbacks = Codec.of(Feedback.class);

    TestingTopics(TestingKafka kafka) {
        this.settings = kafka.settings();
        this.producer = kafka.producer();
    }

    void send(Decision decision) {
        send(Topic.DECISIONS, decisions.encode(decision));
    }

    void send(Feedback feedback) {
        send(Topic.FEEDBACK, feedbacks.encode(feedback));
    }

    void send(Topic topic, byte[] bytes) {
        producer.send(new ProducerRecord<>(settings.name(topic), bytes));
    }

    /** Sends one as if it had been written then. */
    void send(Topic topic, byte[] bytes, long writtenMillis) {
        producer.send(new ProducerRecord<>(settings.name(topic), null, writtenMillis, null, bytes));
    }

    void flush() {
        producer.flush();
    }

    /** Reads all partitions from the beginning until the records satisfy the condition or the time is over. */
    <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type, Duration timeout, Predicate<List<T>> until) {
        Codec<T> codec = Codec.of(type);
        List<T> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = atBeginning(topic)) {
            long end = System.nanoTime() + timeout.toNanos();
            while (!until.test(records) && System.nanoTime() < end) {
                poll(consumer, codec, records);
            }
        }
        return records;
    }

    /** Reads all partitions from the beginning to their present end, however long it takes. */
    <T extends SpecificRecord> List<T> readAll(Topic topic, Class<T> type) {
        Codec<T> codec = Codec.of(type);
        List<T> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = atBeginning(topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                poll(consumer, codec, records);
            }
        }
        return records;
    }

    private Consumer<byte[], byte[]> atBeginning(Topic topic) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(settings.name(topic)).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static <T extends SpecificRecord> void poll(
            Consumer<byte[], byte[]> consumer, Codec<T> codec, List<T> records) {
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
            records.add(codec.decode(read.value()));
        }
    }

    static Decision decision(String id, String requestId, long timeMicros, int slots) {
        List<Slot> slate = IntStream.range(0, slots)
                .mapToObj(i -> new Slot("i" + i, ByteBuffer.wrap(new byte[] {(byte) i}), 0f, 0.5, 0.5))
                .toList();
        return Decision.newBuilder()
                .setId(id)
                .setRequestId(requestId)
                .setSubject("anna")
                .setTimeMicros(timeMicros)
                .setFeatureSet("movies")
                .setFeatureSetVersion(7)
                .setShared(ByteBuffer.wrap(new byte[] {1}))
                .setArm("learned")
                .setExplored(false)
                .setSlate(slate)
                .setCandidates(20)
                .setPolicy("greedy")
                .build();
    }

    static Feedback feedback(String id, String decisionId, int slot, String kind, long timeMicros) {
        return Feedback.newBuilder()
                .setId(id)
                .setDecisionId(decisionId)
                .setSlot(slot)
                .setKind(kind)
                .setTimeMicros(timeMicros)
                .build();
    }

    @Override
    public void close() {
        producer.close();
    }
}
