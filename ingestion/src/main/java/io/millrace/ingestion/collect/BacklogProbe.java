package io.millrace.ingestion.collect;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how far the join is behind: its committed offsets against the log. The age is that of the first record that is really
 * there to be read; what only fills offsets, such as the ends of transactions, is no backlog. Used by one thread.
 */
final class BacklogProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogProbe.class);
    private static final long READ_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String FETCH_BYTES = Integer.toString(64 << 10);

    private final Clock clock;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    /** By topic; without those that keep records for ever, as planned where we may not see it. */
    private final Map<String, Duration> kept = new HashMap<>();

    private final Map<TopicPartition, Long> told = new HashMap<>();

    /** @throws org.apache.kafka.common.KafkaException if Kafka does not tell where the topics lie */
    BacklogProbe(KafkaSettings kafka, List<Topic> topics, Clock clock) throws InterruptedException {
        this.clock = clock;
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            Map<Topic, Optional<Duration>> retention = admin.retention(topics);
            for (Topic topic : topics) {
                retention
                        .getOrDefault(topic, Optional.of(TopicPlan.RETENTION))
                        .ifPresent(time -> kept.put(kafka.name(topic), time));
            }
        }
        Map<String, String> client = new HashMap<>(kafka.client());
        client.put(ConsumerConfig.GROUP_ID_CONFIG, Part.transactionalIdPrefix(kafka));
        client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        client.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        this.consumer = new KafkaConsumer<>(
                new KafkaSettings(client, kafka.prefix()).consumer(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        for (Topic topic : topics) {
            consumer.partitionsFor(kafka.name(topic))
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
    }

    /** Every partition as it is now. */
    List<Lag> look() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<Lag> lags = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata read = committed.get(partition);
            long begin = begins.get(partition);
            if (read != null && read.offset() < begin) {
                tell(partition, begin - read.offset());
            }
            long next = read == null ? begin : Math.max(begin, read.offset());
            lags.add(lag(partition, next, ends.get(partition)));
        }
        return lags;
    }

    private Lag lag(TopicPartition partition, long next, long end) {
        Optional<ConsumerRecord<byte[], byte[]>> first = next < end ? first(partition, next, end) : Optional.empty();
        if (first.isEmpty()) {
            return Lag.none(partition.topic(), partition.partition());
        }
        long age = Math.max(0, clock.millis() - first.get().timestamp());
        return new Lag(
                partition.topic(),
                partition.partition(),
                end - first.get().offset(),
                Duration.ofMillis(age),
                kept.get(partition.topic()));
    }

    /** The first record from an offset on. */
    private Optional<ConsumerRecord<byte[], byte[]>> first(TopicPartition partition, long from, long end) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        long until = System.nanoTime() + READ_NANOS;
        while (consumer.position(partition) < end && System.nanoTime() < until) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                return Optional.of(records.get(0));
            }
        }
        return Optional.empty();
    }

    /** Too late for a limit: what was unread is gone. */
    private void tell(TopicPartition partition, long records) {
        if (!Long.valueOf(records).equals(told.put(partition, records))) {
            LOG.error(
                    "{}: {} records are gone that the join had not read (expected: a join that reads them within the "
                            + "topic's retention)",
                    partition,
                    records);
        }
    }

    /** Ends a look from another thread, which then throws {@code WakeupException}. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
