package io.millrace.ingestion.reader;

import io.millrace.features.spec.SourceSpec;
import io.millrace.ingestion.source.Mapped;
import io.millrace.ingestion.source.SchemaUnavailableException;
import io.millrace.ingestion.source.SourceMapper;
import io.millrace.ingestion.source.SourceRecord;
import io.millrace.record.Name;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over a source, until something fails; the next one goes on from what was committed.
 *
 * <p>Guarantee: a record's result, or its dead letter, is written once, and never lost while the topic keeps the record. The
 * results of what was polled and the offsets behind it are one transaction under an id of the source's own, wherever the source
 * is, and offsets are looked up once no earlier transaction of that id can end. Whoever starts later shuts out who reads the same source.
 *
 * <p>Belongs to the follower's thread.
 */
final class SourceReader implements Follower.Task {
    private static final Logger LOG = LoggerFactory.getLogger(SourceReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    /** So that two that read the same source take turns rather than fight. */
    private static final Duration SHUT_OUT = Duration.ofSeconds(10);
    /** While one that was killed has a transaction open, readers of its topics wait. */
    private static final String TRANSACTION_MS = "15000";

    private static final String POLLED = "1000";
    private static final long LOOK_FOR_PARTITIONS_NANOS = Duration.ofSeconds(10).toNanos();
    /** Brokers forget offsets that nobody commits for a week. */
    private static final long COMMIT_ANYWAY_NANOS = Duration.ofHours(1).toNanos();

    private static final int LETTER_BYTES = 900_000;
    private static final int REMEMBERED_NAMES = 1_000_000;
    private static final String COMPONENT = "source";

    private final Codec<Name> nameCodec = Codec.of(Name.class);
    private final SourceSpec source;
    private final SourceMapper mapper;
    private final SourceMetrics metrics;
    private final Clock clock;
    private final SourceClusters clusters;
    private final KafkaSettings kafka;
    private final String group;
    private final AtomicBoolean wasShutOut;
    private @Nullable Producer<byte[], byte[]> opened;
    private @Nullable ReadOffsets offsets;
    private Set<TopicPartition> partitions = Set.of();
    private long lookedForPartitions;
    private long committed;
    private boolean isWaiting;
    /** Of this run: who fails forgets which names are written, and writes them again. */
    private final Set<Long> writtenNames = new HashSet<>();

    /** @param wasShutOut is kept from run to run */
    SourceReader(
            SourceSpec source,
            SourceMapper mapper,
            SourceMetrics metrics,
            Clock clock,
            SourceClusters clusters,
            AtomicBoolean wasShutOut) {
        this.source = source;
        this.mapper = mapper;
        this.metrics = metrics;
        this.clock = clock;
        this.clusters = clusters;
        this.kafka = clusters.own();
        this.group = group(kafka, source);
        this.wasShutOut = wasShutOut;
    }

    /** Under which its offsets are committed, and its transactions written. */
    static String group(KafkaSettings kafka, SourceSpec source) {
        return Part.SOURCES.transactionalPrefix(kafka) + "-" + source.name();
    }

    /** What its consumer needs beside the deployment's settings. */
    static KafkaSettings consumer(SourceClusters clusters, SourceSpec source) {
        KafkaSettings kafka = clusters.of(source);
        Map<String, String> client = new HashMap<>(kafka.client());
        if (source.cluster() == null) {
            client.put(ConsumerConfig.GROUP_ID_CONFIG, group(kafka, source));
        } else {
            // Whoever answers at the same address later may be another Kafka, with other records at the same offsets.
            client.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        }
        client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLLED);
        return new KafkaSettings(client, kafka.prefix());
    }

    private Properties producer() {
        Properties properties = kafka.producer();
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
        properties.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MS);
        return properties;
    }

    @Override
    public void open(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> found = lookForPartitions(consumer);
        if (wasShutOut.getAndSet(false)) {
            consumer.assign(found);
            // Any place does: nothing is read, and where nothing was committed there would be none.
            consumer.seekToBeginning(found);
            idle(consumer, SHUT_OUT);
        }
        offsets = source.cluster() == null
                ? new GroupOffsets(consumer)
                : TopicOffsets.of(source, source.cluster(), kafka, clusters.of(source));
        opened = new KafkaProducer<>(producer(), new ByteArraySerializer(), new ByteArraySerializer());
        opened.initTransactions();
        begin(consumer, found);
        LOG.info("{}: reads {} partitions of {}", source.name(), found.size(), source.place());
    }

    @Override
    public void run(Consumer<byte[], byte[]> consumer) {
        if (System.nanoTime() - lookedForPartitions > LOOK_FOR_PARTITIONS_NANOS) {
            Set<TopicPartition> found = lookForPartitions(consumer);
            if (!partitions.containsAll(found)) {
                begin(consumer, found);
            }
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (!polled.isEmpty()) {
            take(consumer, polled);
        } else if (System.nanoTime() - committed > COMMIT_ANYWAY_NANOS) {
            commit(List.of(), positions(consumer));
        }
        metrics.unread(partitions.stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum());
    }

    private void take(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        List<Mapped> results = new ArrayList<>(polled.count());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        Map<Long, Name> names = new HashMap<>();
        try {
            for (ConsumerRecord<byte[], byte[]> read : polled) {
                Mapped mapped = mapper.map(record(source, read));
                results.add(mapped);
                if (mapped instanceof Mapped.Taken taken) {
                    records.add(new ProducerRecord<>(kafka.name(taken.topic()), taken.key(), taken.value()));
                    taken.names().forEach(name -> names.put(name.getHash(), name));
                } else if (mapped instanceof Mapped.Rejected rejected) {
                    records.add(letter(read, rejected));
                }
            }
        } catch (SchemaUnavailableException e) {
            await(consumer, polled, e);
            return;
        }
        if (isWaiting) {
            isWaiting = false;
            LOG.info("{}: goes on", source.name());
        }
        names.keySet().removeAll(writtenNames);
        names.values().forEach(name -> records.add(record(name)));
        commit(records, polled.nextOffsets());
        if (writtenNames.size() > REMEMBERED_NAMES) {
            writtenNames.clear();
        }
        writtenNames.addAll(names.keySet());
        results.forEach(metrics::count);
    }

    private ProducerRecord<byte[], byte[]> record(Name name) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(name.getHash()).array();
        return new ProducerRecord<>(kafka.name(Topic.NAMES), key, nameCodec.encode(name));
    }

    static SourceRecord record(SourceSpec source, ConsumerRecord<byte[], byte[]> read) {
        return new SourceRecord(source.place(), read.partition(), read.offset(), read.timestamp(), read.value());
    }

    /** Goes back to what was polled: that nobody knows a schema now says nothing about a record. */
    private void await(
            Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled, SchemaUnavailableException why) {
        if (!isWaiting) {
            isWaiting = true;
            LOG.warn("{}: waits: {}", source.name(), why.getMessage());
        }
        for (TopicPartition partition : polled.partitions()) {
            consumer.seek(partition, polled.records(partition).get(0).offset());
        }
        idle(consumer, PAUSE);
    }

    /** Waits, as long as nobody wakes the consumer up. */
    private static void idle(Consumer<byte[], byte[]> consumer, Duration time) {
        consumer.pause(consumer.assignment());
        consumer.poll(time);
        consumer.resume(consumer.assignment());
    }

    private void commit(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> next) {
        Producer<byte[], byte[]> producer = Objects.requireNonNull(opened);
        try {
            producer.beginTransaction();
            records.forEach(producer::send);
            // Who is shut out is told here; the next call would wait for an answer that cannot come (60 s,
            // max.block.ms).
            producer.flush();
            Objects.requireNonNull(offsets).add(producer, next);
            producer.commitTransaction();
        } catch (KafkaException e) {
            if (!isShutOut(e)) {
                throw e;
            }
            wasShutOut.set(true);
            throw new KafkaException(
                    source.name() + ": shut out by another process that reads this source, or away for longer than "
                            + TRANSACTION_MS + " ms (expected: one process); nothing is lost or doubled",
                    e);
        }
        committed = System.nanoTime();
    }

    private static boolean isShutOut(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> read, Mapped.Rejected rejected) {
        byte[] bytes = read.value();
        String reason = rejected.reason();
        if (bytes.length > LETTER_BYTES) {
            reason += "; of " + bytes.length + " bytes, the first " + LETTER_BYTES;
            bytes = Arrays.copyOf(bytes, LETTER_BYTES);
        }
        DeadLetters letters = new DeadLetters(COMPONENT, kafka, Objects.requireNonNull(opened), clock);
        return letters.record(
                DeadLetters.letter(COMPONENT, source.place(), read.partition(), read.offset(), bytes, reason, clock));
    }

    private Set<TopicPartition> lookForPartitions(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> infos = consumer.partitionsFor(source.topic());
        if (infos == null || infos.isEmpty()) {
            throw new KafkaException("topic " + source.place() + ": missing (expected: a topic of "
                    + (source.cluster() == null ? "this Kafka" : "that cluster") + ", which this principal may read)");
        }
        lookedForPartitions = System.nanoTime();
        Set<TopicPartition> found = new HashSet<>();
        infos.forEach(info -> found.add(new TopicPartition(info.topic(), info.partition())));
        return found;
    }

    /** Goes to where the last transaction ended, and to the beginning of what was never read. */
    private void begin(Consumer<byte[], byte[]> consumer, Set<TopicPartition> found) {
        consumer.assign(found);
        Map<TopicPartition, Long> read = Objects.requireNonNull(offsets).read(found);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(found);
        Map<TopicPartition, Long> ends = consumer.endOffsets(found);
        for (TopicPartition partition : found) {
            Long next = read.get(partition);
            long begin = begins.get(partition);
            if (next != null && next > ends.get(partition)) {
                throw new KafkaException(partition + ": read to " + next + ", and ends at " + ends.get(partition)
                        + " (expected: the topic that was read before; if it was made anew, " + offsets.remedy() + ")");
            }
            if (next != null && next < begin) {
                LOG.error(
                        "{}: {} records are gone that were not read (expected: a reader that reads them within the"
                                + " topic's retention)",
                        partition,
                        begin - next);
                metrics.lost(begin - next);
            }
            consumer.seek(partition, next == null ? begin : Math.max(begin, next));
        }
        partitions = found;
        committed = System.nanoTime();
    }

    private Map<TopicPartition, OffsetAndMetadata> positions(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, new OffsetAndMetadata(consumer.position(partition))));
        return positions;
    }

    /** Aborts what is open. */
    @Override
    public void close() {
        if (opened != null) {
            opened.close(CLOSE);
        }
    }
}
