package io.millrace.serving.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import io.millrace.wire.kafka.RecordReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code model-control}, {@code model-manifests} and {@code model-updates} and keeps the newest version at hand. One shard only: a manifest
 * of several is refused. What cannot be read goes to the dead letters; the rest flows on.
 */
public final class ModelFollower implements AutoCloseable {
    private final ModelReplica replica;
    private final Following following;
    private final Follower follower;
    private final RecordReader reader;

    private ModelFollower(ModelReplica replica, Following following, Follower follower, RecordReader reader) {
        this.replica = replica;
        this.following = following;
        this.follower = follower;
        this.reader = reader;
    }

    /**
     * Starts the thread.
     *
     * @param producer for alerts; it stays the caller's to close
     */
    public static ModelFollower start(
            PipelineSpec spec,
            KafkaSettings kafka,
            SnapshotStore store,
            DeadLetters deadLetters,
            Runnable onDeadLetter,
            Producer<byte[], byte[]> producer,
            Clock clock,
            MeterRegistry registry) {
        ModelReplica replica = new ModelReplica(spec, store, clock, new ModelMetrics(registry, kafka, producer, clock));
        RecordReader reader = new RecordReader(kafka, deadLetters, onDeadLetter);
        Following following = new Following(kafka, spec.pipeline(), replica, reader);
        return new ModelFollower(replica, following, Follower.start("model", kafka, () -> following), reader);
    }

    /** The version to use; null before the first. Whoever needs the same one twice keeps it. */
    public @Nullable ServedModel current() {
        return replica.current().orElse(null);
    }

    /**
     * The version to decide with; null as long as none has been published that this pipeline can be served with.
     *
     * @throws ModelNotReadyException from the start until what was published by then has been read; never again after that
     */
    public @Nullable ServedModel forDecisions() {
        if (!following.mayDecide) {
            throw new ModelNotReadyException();
        }
        return current();
    }

    /** Returns when it is known whether there is a published version at all, or when this has taken too long. */
    public void awaitKnown(Duration patience) {
        try {
            following.known.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether there is a version that has all deltas that there were when its base was loaded: whoever starts again goes on with
     * no older version than before.
     */
    public boolean isReady() {
        return following.hasCaughtUp && current() != null;
    }

    /** Whether the operator has it stay at this version. */
    public boolean isPinned() {
        return replica.control().map(ModelControl::getPinned).isPresent();
    }

    /** Whether the operator has the served lineage learn nothing for now. */
    public boolean isFrozen() {
        ServedModel served = current();
        return served != null
                && replica.control().stream()
                        .flatMap(control -> control.getLineages().stream())
                        .anyMatch(plan -> plan.getFrozen()
                                && plan.getLineage().equals(served.snapshot().lineage()));
    }

    @Override
    public void close() {
        follower.close();
        reader.close();
    }

    private static final class Following implements Follower.Task {
        private static final Duration POLL = Duration.ofMillis(500);
        /** Clocks of trainer and brokers may differ, and a delta may be on its way while its base is written. */
        private static final long MARGIN_MS = TimeUnit.MINUTES.toMillis(1);

        private final ModelReplica replica;
        private final RecordReader reader;
        private final TopicPartition controls;
        private final TopicPartition manifests;
        private final TopicPartition updates;
        private final String model;
        private final Codec<ModelControl> controlCodec;
        private final Codec<Manifest> manifestCodec;
        private final Codec<Delta> deltaCodec;
        private long nextControl;
        private long nextManifest;
        private long nextUpdate;
        private long catchUpTo = -1;
        private final CountDownLatch known = new CountDownLatch(1);
        private volatile boolean hasCaughtUp;
        private volatile boolean mayDecide;

        Following(KafkaSettings kafka, String model, ModelReplica replica, RecordReader reader) {
            this.model = model;
            this.replica = replica;
            this.reader = reader;
            this.manifests = new TopicPartition(kafka.name(Topic.MODEL_MANIFESTS), 0);
            this.updates = new TopicPartition(kafka.name(Topic.MODEL_UPDATES), 0);
            this.controls = ModelControls.partition(kafka);
            this.controlCodec = reader.codec(ModelControl.class);
            this.manifestCodec = reader.codec(Manifest.class);
            this.deltaCodec = reader.codec(Delta.class);
        }

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            catchUp(consumer, controls, nextControl, this::onControls);
            catchUp(consumer, manifests, nextManifest, this::onManifests);
            mayDecide |= !replica.hasEligible();
            known.countDown();
            consumer.assign(List.of(controls, manifests, updates));
            consumer.seek(controls, nextControl);
            consumer.seek(manifests, nextManifest);
            consumer.seek(updates, nextUpdate);
            replica.settle();
            rereadIfNeeded(consumer);
        }

        private static void catchUp(
                Consumer<byte[], byte[]> consumer,
                TopicPartition partition,
                long next,
                java.util.function.Consumer<ConsumerRecords<byte[], byte[]>> sink) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, next);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                sink.accept(consumer.poll(POLL));
            }
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            onControls(records);
            onManifests(records);
            replica.settle();
            boolean reread = rereadIfNeeded(consumer);
            for (ConsumerRecord<byte[], byte[]> consumed : records.records(updates)) {
                if (reread) {
                    break;
                }
                nextUpdate = consumed.offset() + 1;
                reader.read(deltaCodec, consumed).ifPresent(delta -> onDelta(consumed, delta));
                reread = rereadIfNeeded(consumer);
            }
            if (catchUpTo >= 0 && consumer.position(updates) >= catchUpTo) {
                catchUpTo = -1;
                replica.caughtUp();
                hasCaughtUp = true;
                mayDecide = true;
            }
        }

        private void onControls(ConsumerRecords<byte[], byte[]> records) {
            for (ConsumerRecord<byte[], byte[]> consumed : records.records(controls)) {
                reader.read(controlCodec, consumed)
                        .filter(control -> control.getModel().equals(model))
                        .ifPresent(replica::onControl);
                nextControl = consumed.offset() + 1;
            }
        }

        private void onManifests(ConsumerRecords<byte[], byte[]> records) {
            for (ConsumerRecord<byte[], byte[]> consumed : records.records(manifests)) {
                reader.read(manifestCodec, consumed).ifPresent(replica::onManifest);
                nextManifest = consumed.offset() + 1;
            }
        }

        private void onDelta(ConsumerRecord<byte[], byte[]> consumed, Delta delta) {
            try {
                replica.onDelta(delta);
            } catch (MalformedSnapshotException e) {
                reader.reject(consumed, String.valueOf(e.getMessage()));
            }
        }

        private boolean rereadIfNeeded(Consumer<byte[], byte[]> consumer) {
            OptionalLong from = replica.takeReread();
            if (from.isEmpty()) {
                return false;
            }
            nextUpdate = offsetAt(consumer, TimeUnit.MICROSECONDS.toMillis(from.getAsLong()) - MARGIN_MS);
            consumer.seek(updates, nextUpdate);
            catchUpTo = consumer.endOffsets(List.of(updates)).get(updates);
            return true;
        }

        private long offsetAt(Consumer<byte[], byte[]> consumer, long timeMs) {
            @Nullable
            OffsetAndTimestamp found = timeMs <= 0
                    ? null
                    : consumer.offsetsForTimes(Map.of(updates, timeMs)).get(updates);
            return found == null ? consumer.beginningOffsets(List.of(updates)).get(updates) : found.offset();
        }
    }
}
