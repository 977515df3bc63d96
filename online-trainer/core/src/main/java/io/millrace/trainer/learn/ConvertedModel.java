package io.millrace.trainer.learn;

import io.millrace.features.change.SpecChange;
import io.millrace.features.change.SpecDiff;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Problem;
import java.util.List;

/**
 * A model that was learned by one spec, as one that a changed spec can start from, for {@link ShardLearner#start}: with every
 * row where the changed spec looks for it, and every number as it reads it. What it predicts for whatever lacks the new columns
 * is, bit by bit, what the old one would, if sums are taken in the same order.
 *
 * <p>What is learned about numeric features' values goes by the features' names, the rest of what belongs to no feature as it is,
 * rows of features as far up or down as the first of them. Examples that wait for their mini-batch stay with the header; a lineage
 * that starts from it does without them.
 *
 * @param header with the changed spec, and the digest of the rows as they are now
 * @param blocks ascending
 */
public record ConvertedModel(SnapshotHeader header, List<RowBlock> blocks) {
    public ConvertedModel {
        blocks = List.copyOf(blocks);
    }

    /**
     * Converts a model; where nothing lies elsewhere or is read otherwise, the blocks are the same.
     *
     * @param blocks of the model, ascending
     * @throws IllegalArgumentException if it has not learned by the old spec, or what it knows does not keep its meaning under
     *     the new one
     */
    public static ConvertedModel of(SpecDiff diff, SnapshotHeader header, List<RowBlock> blocks) {
        String learnedBy = Lineage.canonicalSpec(diff.before());
        if (!header.getSpec().equals(learnedBy)) {
            throw new IllegalArgumentException(
                    new Problem("model", "learned by another spec", "one that was learned by the old spec").toString());
        }
        if (!diff.effect().keepsWeights()) {
            throw new IllegalArgumentException(refusal(diff).toString());
        }
        TableConversion conversion = new TableConversion(diff.before(), diff.after());
        SnapshotHeader.Builder converted = SnapshotHeader.newBuilder(header)
                .setModel(diff.after().pipeline())
                .setSpec(Lineage.canonicalSpec(diff.after()));
        if (conversion.isNone()) {
            return new ConvertedModel(converted.build(), blocks);
        }
        BlockWriter out = conversion.convert(blocks);
        return new ConvertedModel(
                converted
                        .setRows(header.getRows() + conversion.shift())
                        .setDigest(out.digest())
                        .build(),
                out.blocks());
    }

    private static Problem refusal(SpecDiff diff) {
        SpecChange worst = diff.of(diff.effect()).get(0);
        return new Problem(
                worst.path(),
                worst.before() + " became " + worst.after(),
                "changes under which rows keep their meaning; " + worst.reason());
    }
}
