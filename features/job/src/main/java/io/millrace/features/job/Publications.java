package io.millrace.features.job;

import io.millrace.features.aggregate.EntityValues;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.operators.ProcessingTimeService;

/**
 * Publishes entities that have changed: not at each change, but what they are worth a moment later, so that several changes are one
 * record. That is after {@value #MOMENT_MS} ms; where many change, which is what costs, after up to {@value #LONG_MS} ms; and with each checkpoint, before
 * what follows on it, so that what a checkpoint has was published. On its task's thread.
 */
final class Publications {
    static final long MOMENT_MS = 20;
    static final long LONG_MS = 1000;
    /** So many in a moment are not many: 25,000 a second. */
    static final int FEW = 500;
    /** More are not kept waiting. */
    private static final int MOST = 50_000;

    private final ProcessingTimeService clock;
    private final Consumer<byte[]> out;
    private final Codec<FeatureValues> codec = Codec.of(FeatureValues.class);
    private final List<Entity> waiting = new ArrayList<>();
    private long sinceMillis;
    private boolean isTicking;

    Publications(ProcessingTimeService clock, Consumer<byte[]> out) {
        this.clock = clock;
        this.out = out;
    }

    /** That an entity has changed. */
    void add(Entity entity) {
        if (entity.isUnpublished()) {
            return;
        }
        if (waiting.size() >= MOST) {
            publishAll();
        }
        if (waiting.isEmpty()) {
            sinceMillis = clock.getCurrentProcessingTime();
            tick(sinceMillis);
        }
        entity.unpublished(true);
        waiting.add(entity);
    }

    private void tick(long nowMillis) {
        if (!isTicking) {
            isTicking = true;
            clock.registerTimer(nowMillis + MOMENT_MS, this::onTick);
        }
    }

    private void onTick(long timestamp) {
        isTicking = false;
        if (waiting.isEmpty()) {
            return;
        }
        long now = clock.getCurrentProcessingTime();
        if (waiting.size() <= FEW || now - sinceMillis >= LONG_MS) {
            publishAll();
        } else {
            tick(now);
        }
    }

    /** Publishes all that have changed. */
    void publishAll() {
        for (Entity entity : waiting) {
            publish(entity);
        }
        waiting.clear();
    }

    /** Publishes an entity, if it has changed. */
    void publish(Entity entity) {
        if (entity.isUnpublished()) {
            FeatureValues values = EntityValues.record(entity.group(), entity.key(), entity.state());
            out.accept(new Departure(Topic.FEATURE_VALUES, entity.recordKey(), codec.encode(values)).pack());
            entity.unpublished(false);
        }
    }

    /** Publishes that there is nothing of an entity any more. */
    void publishNothing(Entity entity) {
        out.accept(Departure.tombstone(Topic.FEATURE_VALUES, entity.recordKey()).pack());
        entity.unpublished(false);
    }
}
