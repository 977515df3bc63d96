package io.millrace.local.backfill;

import io.millrace.features.job.AggregateJob;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.job.backfill.History;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.FlinkCluster;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Has the job of streaming features begin with a history, go on with what the topics have, and leave its state where the job of
 * {@code millrace up} begins.
 */
public final class Backfill {
    /** Each checkpoint also publishes; nobody waits for these values. */
    private static final Duration CHECKPOINTS = Duration.ofSeconds(1);

    private static final long LOOK_MILLIS = 200;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final PipelineSpec spec;
    private final JoinJobSettings settings;

    public Backfill(KafkaSettings kafka, PipelineSpec spec) {
        this.kafka = kafka;
        this.spec = spec;
        // A group of its own: what the last job has read says nothing of how far this one is.
        this.settings = JoinJobSettings.defaults()
                .withCheckpointInterval(CHECKPOINTS)
                .withTransactionalIdPrefix(Part.featuresGroup(kafka) + "-backfill");
    }

    /**
     * Runs the job until it has read the history, and the topics as far as they are now.
     *
     * @param work an empty directory, for checkpoints and the state that is left in the end
     * @return the state, and what was counted
     */
    public Outcome run(History history, Path work) throws Exception {
        forgetOffsets();
        AtomicReference<String> failure = new AtomicReference<>();
        try (FlinkCluster flink = FlinkCluster.start(work.resolve("checkpoints"))) {
            StreamExecutionEnvironment environment = flink.environment();
            JoinJob.configure(environment, settings);
            AggregateJob.build(environment, kafka, spec, history, () -> {}, settings, Clock.systemUTC());
            flink.submit(AggregateJob.NAME, environment);
            flink.watch(AggregateJob.NAME, failure::set);
            awaitRead(failure);
            return new Outcome(flink.stop(AggregateJob.NAME, work.resolve("state")));
        }
    }

    /** What a run leaves: its state, and how many of what it counted. */
    public record Outcome(FlinkCluster.Stopped stopped) {
        /** A directory to be moved. */
        public Path state() {
            return stopped.state();
        }

        /** How many the job counted under that name since it last started. */
        public long count(String name) {
            return stopped.counts().getOrDefault(name, 0L);
        }
    }

    private void forgetOffsets() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.admin())) {
            String group = settings.transactionalIdPrefix();
            boolean isThere = admin.listGroups().all().get().stream()
                    .anyMatch(one -> one.groupId().equals(group));
            if (isThere) {
                admin.deleteConsumerGroups(List.of(group)).all().get();
            }
        }
    }

    /** The job commits how far it has read with a checkpoint that has all of it, once it reads topics. */
    private void awaitRead(AtomicReference<String> failure) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.admin());
                Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> left = ends(consumer);
            while (!left.isEmpty()) {
                if (failure.get() != null) {
                    throw new IllegalStateException(failure.get());
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(
                                settings.transactionalIdPrefix())
                        .partitionsToOffsetAndMetadata()
                        .get();
                left.entrySet()
                        .removeIf(end -> read.get(end.getKey()) != null
                                && isRead(
                                        consumer,
                                        end.getKey(),
                                        read.get(end.getKey()).offset(),
                                        end.getValue()));
            }
        }
    }

    /** Whether there is nothing but marks of transactions between two offsets. */
    private static boolean isRead(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long end) {
        if (from >= end) {
            return true;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        return consumer.poll(POLL).isEmpty() && consumer.position(partition) >= end;
    }

    private Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : List.of(Topic.EVENTS, Topic.OUTCOMES)) {
            consumer.partitionsFor(kafka.name(topic))
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        return new HashMap<>(consumer.endOffsets(partitions));
    }
}
