package io.millrace.local.model;

import io.millrace.features.change.Effect;
import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.log.TopicLog;
import io.millrace.local.verify.Verification;
import io.millrace.record.LineagePlan;
import io.millrace.record.ShardBase;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.learn.ConvertedModel;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureSet;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings a changed spec in. */
final class SpecApply {
    private final ModelAccess access;

    SpecApply(ModelAccess access) {
        this.access = access;
    }

    /**
     * Brings a changed spec in: learns by it beside the live model, as its {@linkplain SpecDiff#effect() effect} allows.
     *
     * @param yaml the changed spec, which its author calls {@code source}
     * @param fromNow has it know nothing and learn from what comes from now on, where the log cannot be learned
     */
    Applied apply(String yaml, String source, boolean fromNow)
            throws StartException, IOException, InterruptedException {
        KnownModel known = access.known();
        LineagePlan parent = access.plan(known, ModelAccess.live(known));
        PipelineSpec before = SpecReader.read(parent.getSpec(), "the live model's spec");
        PipelineSpec after = SpecReader.read(yaml, source);
        if (!before.pipeline().equals(after.pipeline())) {
            throw new StartException(
                    new Problem("pipeline of " + source, after.pipeline(), before.pipeline()).toString());
        }
        SpecDiff diff = SpecDiff.of(before, after);
        if (diff.effect() == Effect.HARMLESS) {
            return new Applied(diff, Optional.empty());
        }
        if (!diff.effect().keepsLog() && !fromNow) {
            throw new StartException(diff.of(Effect.IMPOSSIBLE).stream()
                            .map(change -> new Problem(
                                            change.path() + " of " + source,
                                            String.valueOf(change.after()),
                                            change.before() + "; " + change.reason())
                                    .toString())
                            .collect(Collectors.joining("\n"))
                    + "\nGive it another name, so that both can be told apart, or forget the log with --from-now.");
        }
        LearnJobSettings blank = LearnJobSettings.lookUp(access.kafka(), after, access.storeUri())
                .withSpecText(yaml);
        LearnJobSettings settings = fromNow
                ? blank.without(all(known))
                : diff.effect().keepsWeights()
                        ? continuing(known, parent, diff, blank)
                        : blank.reading(known.older(after)).without(ModelAccess.learnable(parent));
        if (settings.lineage().equals(parent.getLineage())) {
            throw new StartException("lineage: " + settings.lineage() + " is live already (expected: another spec)");
        }
        LineagePlan plan = Plans.of(settings);
        access.change(
                known,
                "spec apply: " + diff.effect().text() + ", lineage " + plan.getLineage(),
                control -> ModelAccess.add(control, plan, false));
        return new Applied(diff, Optional.of(plan));
    }

    /** A lineage whose root is the live model as it is now. */
    private LearnJobSettings continuing(KnownModel known, LineagePlan parent, SpecDiff diff, LearnJobSettings blank)
            throws StartException, IOException, InterruptedException {
        if (known.log().size() != 1) {
            throw new StartException(
                    "shards: " + known.log().size() + " (expected: 1, where a lineage starts from the live model)");
        }
        long version = known.version(parent.getLineage()).orElse(0L);
        List<FeatureSet> older = known.older(diff.after());
        if (version == 0) {
            return blank.reading(older).without(ModelAccess.learnable(parent));
        }
        try (Verification verification = access.verification();
                Verification.Rebuilt rebuilt = verification.rebuildFromNearest(version, 0, parent.getLineage())) {
            ShardLearner learner = rebuilt.learner();
            long offset = learner.offset();
            ConvertedModel converted = ConvertedModel.of(diff, learner.header(), learner.copyBlocks());
            SnapshotHeader root = SnapshotHeader.newBuilder(converted.header())
                    .setPending(List.of())
                    .build();
            LearnJobSettings unplaced = blank.reading(older)
                    .withRoot(new RootBase("", root.getDigest()))
                    .without(Exclusions.NONE.and(0, 0, offset));
            try (ShardLearner begun = unplaced.learner(0)) {
                begun.start(root, converted.blocks());
                ShardBase first = access.take(unplaced, begun.header(), begun.copyBlocks());
                begun.passOver(offset - 1);
                ShardBase start = access.take(unplaced, begun.header(), begun.copyBlocks());
                return unplaced.withRoot(new RootBase(first.getUri(), first.getDigest()))
                        .startingWith(List.of(start));
            }
        }
    }

    private static Exclusions all(KnownModel known) {
        Exclusions all = Exclusions.NONE;
        for (TopicLog.Extent extent : known.log()) {
            if (extent.end() > 0) {
                all = all.and(extent.partition(), 0, extent.end());
            }
        }
        return all;
    }
}
