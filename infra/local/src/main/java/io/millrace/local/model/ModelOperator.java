package io.millrace.local.model;

import io.millrace.features.change.SpecDiff;
import io.millrace.local.StartException;
import io.millrace.local.verify.Verification;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Changes what an operator wants of a model. Each change is one record; whoever learns or serves follows it by itself. Used by
 * one thread.
 */
public final class ModelOperator {
    private final ModelAccess access;

    /**
     * @param store where base snapshots are kept, if that is known
     * @param model its name, where the topics have several
     * @param tell is told how far it is
     */
    public ModelOperator(
            KafkaSettings kafka, Optional<URI> store, Optional<String> model, Clock clock, Consumer<String> tell) {
        this.access = new ModelAccess(kafka, store, model, clock, tell);
    }

    /** What there is, as a table for people. */
    public ModelList list() throws StartException, InterruptedException {
        return ModelList.of(access.known());
    }

    /** Has serving stay at a version of the live lineage; returns it. */
    public ShardBase pin(Optional<Long> wanted) throws StartException, IOException, InterruptedException {
        KnownModel known = access.known();
        String lineage = ModelAccess.live(known);
        long version = wanted.or(() -> known.version(lineage))
                .orElseThrow(() -> new StartException(
                        "version: missing (expected: one that was published; lineage " + lineage + " has none yet)"));
        ShardBase pinned;
        try (Verification verification = access.verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, lineage)) {
            ShardLearner learner = rebuilt.learner();
            BaseName name = new BaseName(known.name(), lineage + "-pinned", 0, learner.offset());
            pinned = access.write(name, learner.header(), learner.copyBlocks());
        }
        access.change(known, "pin " + version, control -> control.setPinned(pinned));
        return pinned;
    }

    /** Has serving follow the newest version again. */
    public void unpin() throws StartException, InterruptedException {
        KnownModel known = access.known();
        if (known.control().map(ModelControl::getPinned).isEmpty()) {
            throw new StartException("pinned: nothing (expected: a version at which serving stays)");
        }
        access.change(known, "unpin", control -> control.setPinned(null));
    }

    /**
     * Has a lineage learn nothing for now, or go on; serving is not concerned.
     *
     * @param wanted how its name begins; empty for the live one
     * @return the lineage
     */
    public String freeze(Optional<String> wanted, boolean frozen) throws StartException, InterruptedException {
        KnownModel known = access.known();
        String lineage = wanted.isPresent() ? known.lineage(wanted.get()) : ModelAccess.live(known);
        access.change(known, (frozen ? "freeze " : "thaw ") + lineage, control -> {
            List<LineagePlan> plans = new ArrayList<>();
            for (LineagePlan plan : control.getLineages()) {
                plans.add(
                        plan.getLineage().equals(lineage)
                                ? LineagePlan.newBuilder(plan).setFrozen(frozen).build()
                                : plan);
            }
            if (plans.stream().noneMatch(plan -> plan.getLineage().equals(lineage))) {
                throw new WrongChange("lineage: " + lineage + " is not learned (expected: one of "
                        + plans.stream().map(LineagePlan::getLineage).toList() + ")");
            }
            control.setLineages(plans);
        });
        return lineage;
    }

    /**
     * Learns beside the live model one that never saw a stretch of the log. It begins with the newest base before it, where there
     * is one.
     *
     * @return the new lineage
     */
    public LineagePlan rebuild(int shard, LogRange without) throws StartException, IOException, InterruptedException {
        return new Rebuild(access).rebuild(shard, without);
    }

    /**
     * Learns beside the live model one that never knew those who were erased, from the log's beginning.
     *
     * @return the new lineage
     */
    public LineagePlan rebuildWithoutErased() throws StartException, InterruptedException {
        return new Rebuild(access).rebuildWithoutErased();
    }

    /**
     * Goes back to a version of the live lineage, as if what came after had never been written, and learns on from what comes from
     * now on.
     *
     * @return the new lineage, which serves at once
     */
    public LineagePlan rollback(long version, boolean frozen) throws StartException, IOException, InterruptedException {
        return new Rebuild(access).rollback(version, frozen);
    }

    /**
     * Brings a changed spec in: learns by it beside the live model, as its {@linkplain SpecDiff#effect() effect} allows.
     *
     * @param yaml the changed spec, which its author calls {@code source}
     * @param fromNow has it know nothing and learn from what comes from now on, where the log cannot be learned
     */
    public Applied apply(String yaml, String source, boolean fromNow)
            throws StartException, IOException, InterruptedException {
        return new SpecApply(access).apply(yaml, source, fromNow);
    }

    /**
     * Has another lineage serve.
     *
     * @param wanted how its name begins
     * @return the lineage
     */
    public String switchTo(String wanted) throws StartException, InterruptedException {
        KnownModel known = access.known();
        String lineage = known.lineage(wanted);
        if (known.manifest(lineage).isEmpty()) {
            throw new StartException("lineage: " + lineage
                    + " has published nothing yet (expected: a model that can serve; wait for its first version)");
        }
        LineagePlan plan = access.plan(known, lineage);
        access.change(
                known,
                "switch to " + lineage,
                control -> ModelAccess.add(control, plan, true).setPinned(null));
        return lineage;
    }

    /**
     * Has a lineage beside the live one no longer be learned. What it learned is kept.
     *
     * @param wanted how its name begins
     * @return the lineage
     */
    public String drop(String wanted) throws StartException, InterruptedException {
        KnownModel known = access.known();
        String lineage = known.lineage(wanted);
        if (lineage.equals(ModelAccess.live(known))) {
            throw new StartException("lineage: " + lineage + " is live (expected: another; switch first)");
        }
        if (known.plan(lineage).isEmpty()) {
            throw new StartException("lineage: " + lineage + " is not learned (expected: one that is)");
        }
        access.change(
                known,
                "drop " + lineage,
                control -> control.setLineages(control.getLineages().stream()
                        .filter(plan -> !plan.getLineage().equals(lineage))
                        .toList()));
        return lineage;
    }

    /** Has one lineage, and no other, be learned and serve from the next start on: a model that was imported. */
    public static void replace(KafkaSettings kafka, LearnJobSettings settings, String reason, long nowMicros)
            throws InterruptedException {
        String name = settings.spec().pipeline();
        LineagePlan plan = Plans.of(settings);
        ModelControls.<RuntimeException>change(
                kafka,
                name,
                current -> ModelControl.newBuilder()
                        .setModel(name)
                        .setRevision(0)
                        .setLive(plan.getLineage())
                        .setLineages(List.of(plan))
                        .setReason(reason)
                        .setTimeMicros(nowMicros)
                        .build());
    }
}
