package io.millrace.trainer.job;

import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a lineage learns nothing for now, as the topic {@code model-control} says; it is frozen, too, until that is known, and
 * once it is no longer among those that are to be learned. When
 * that is learned of decides where in the log it pauses, never what is learned. The questions are for the task's thread, the
 * answers come from one of its own.
 */
final class Freeze implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Freeze.class);

    private final KafkaSettings kafka;
    private final String model;
    private final String lineage;
    private volatile CompletableFuture<Void> thawed = new CompletableFuture<>();
    private @Nullable Follower follower;
    private boolean wasPlanned;
    private boolean told;

    Freeze(KafkaSettings kafka, String model, String lineage) {
        this.kafka = kafka;
        this.model = model;
        this.lineage = lineage;
    }

    void start() {
        follower = ModelControls.follow(kafka, model, this::on);
    }

    boolean isFrozen() {
        return !thawed.isDone();
    }

    /** Done while it is not frozen. */
    CompletableFuture<Void> thawed() {
        return thawed;
    }

    private void on(Optional<ModelControl> control) {
        Optional<LineagePlan> plan = control.stream()
                .flatMap(known -> known.getLineages().stream())
                .filter(known -> known.getLineage().equals(lineage))
                .findFirst();
        wasPlanned |= plan.isPresent();
        boolean frozen = plan.map(LineagePlan::getFrozen).orElse(wasPlanned);
        if (frozen != told) {
            told = frozen;
            LOG.info("lineage {} {}", lineage, frozen ? "is frozen: it learns nothing for now" : "learns again");
        }
        CompletableFuture<Void> now = thawed;
        if (frozen && now.isDone()) {
            thawed = new CompletableFuture<>();
        } else if (!frozen) {
            now.complete(null);
        }
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
    }
}
