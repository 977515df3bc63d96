package io.millrace.local.model;

import io.millrace.local.StartException;
import io.millrace.local.erase.KnownErasures;
import io.millrace.local.log.TopicLog;
import io.millrace.local.verify.NearestBase;
import io.millrace.local.verify.Verification;
import io.millrace.record.LineagePlan;
import io.millrace.record.ShardBase;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Manifests;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lineages that leave out a part of the log. */
final class Rebuild {
    private final ModelAccess access;

    Rebuild(ModelAccess access) {
        this.access = access;
    }

    /**
     * Learns beside the live model one that never saw a stretch of the log. It begins with the newest base before it, where there
     * is one.
     *
     * @return the new lineage
     */
    LineagePlan rebuild(int shard, LogRange without) throws StartException, IOException, InterruptedException {
        KnownModel known = access.known();
        LineagePlan parent = access.plan(known, ModelAccess.live(known));
        TopicLog.Extent extent = ModelAccess.extent(known, shard);
        LogRange range = without.within(new TopicLog(access.kafka()), extent);
        LearnJobSettings settings = without(parent, shard, range.from(), range.to())
                .orElseThrow(() -> new StartException(new Problem(
                                "--without",
                                range.toString(),
                                "something that the live lineage does not pass over already; it is learned without "
                                        + Exclusions.of(parent.getExcluded()))
                        .toString()));
        SnapshotStore files = access.files();
        List<ShardBase> start = new ArrayList<>();
        for (TopicLog.Extent each : known.log()) {
            long atMost = each.partition() == shard ? range.from() : Long.MAX_VALUE;
            Optional<RootBase.Content> base =
                    NearestBase.find(files, known.name(), parent.getLineage(), each.partition(), atMost);
            if (base.isPresent()) {
                start.add(access.take(settings, base.get().header(), base.get().blocks()));
            } else if (parent.getRoot() != null || each.begin() > 0) {
                throw new StartException("rebuild: no base of lineage " + parent.getLineage() + " at offset "
                        + range.from() + " or before (expected: one in " + access.storeUri()
                        + ", since the log alone does not give it)");
            }
        }
        LineagePlan plan = Plans.of(settings.startingWith(start));
        access.change(
                known,
                "rebuild " + plan.getLineage() + " without " + range,
                control -> ModelAccess.add(control, plan, false));
        return plan;
    }

    /**
     * Learns beside the live model one that never knew those who were erased, from the log's beginning. A model that was imported
     * stays its root; a root that has learned this log does not.
     *
     * @return the new lineage
     */
    LineagePlan rebuildWithoutErased() throws StartException, InterruptedException {
        KnownModel known = access.known();
        LineagePlan parent = access.plan(known, ModelAccess.live(known));
        LearnJobSettings before = access.settings(parent);
        Erasures erased =
                before.erased().and(KnownErasures.read(access.kafka()).all().records());
        if (erased.equals(before.erased())) {
            throw new StartException(
                    new Problem("erased", erased + ", as in the live lineage", "another since, by 'millrace erase'")
                            .toString());
        }
        LearnJobSettings settings = LearnJobSettings.lookUp(access.kafka(), before.spec(), access.storeUri())
                .withSpecText(parent.getSpec())
                .reading(known.older(before.spec()))
                .erasing(erased);
        settings = access.isImported(parent)
                ? settings.withRoot(before.root().orElseThrow()).without(before.without())
                : settings.without(ModelAccess.learnable(parent));
        LineagePlan plan = Plans.of(settings);
        access.change(
                known,
                "rebuild " + plan.getLineage() + " without who was erased",
                control -> ModelAccess.add(control, plan, false));
        return plan;
    }

    /**
     * Goes back to a version of the live lineage, as if what came after had never been written, and learns on from what comes from
     * now on.
     *
     * @return the new lineage, which serves at once
     */
    LineagePlan rollback(long version, boolean frozen) throws StartException, IOException, InterruptedException {
        KnownModel known = access.known();
        ModelAccess.checkRoom(known);
        LineagePlan parent = access.plan(known, ModelAccess.live(known));
        TopicLog.Extent extent = ModelAccess.extent(known, 0);
        if (version < 0 || version >= extent.end()) {
            throw new StartException(new Problem(
                            "version",
                            Long.toString(version),
                            "one before the log's end, 0 to " + (extent.end() - 1) + ": a model to go back to")
                    .toString());
        }
        LearnJobSettings settings = without(parent, 0, version, extent.end())
                .orElseThrow(() -> new StartException(new Problem(
                                "version",
                                Long.toString(version),
                                "one before what the live lineage passes over already, "
                                        + Exclusions.of(parent.getExcluded())
                                        + ": up to the log's end it has learned nothing since, so that there is nothing to"
                                        + " go back from")
                        .toString()));
        ShardBase start;
        try (Verification verification = access.verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, parent.getLineage())) {
            start = access.take(
                    settings, rebuilt.learner().header(), rebuilt.learner().copyBlocks());
        }
        LineagePlan plan = Plans.of(settings.startingWith(List.of(start)));
        plan.setFrozen(frozen);
        access.publish(Manifests.of(settings, List.of(start), access.nowMicros()));
        access.change(
                known,
                "rollback to " + version,
                control -> ModelAccess.add(control, plan, true).setPinned(null));
        return plan;
    }

    /** What is learned as the parent is, without a stretch; empty where the parent passes over it already. */
    private Optional<LearnJobSettings> without(LineagePlan parent, int shard, long from, long to)
            throws StartException, InterruptedException {
        LearnJobSettings settings = access.settings(parent);
        Exclusions next = settings.without().and(shard, from, to);
        return next.equals(settings.without()) ? Optional.empty() : Optional.of(settings.without(next));
    }
}
