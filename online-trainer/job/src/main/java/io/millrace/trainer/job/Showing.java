package io.millrace.trainer.job;

import io.millrace.features.spec.GuardSpec;
import io.millrace.trainer.guard.PublicationGuard;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.GuardState;
import io.millrace.wire.Problem;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a shard are shown: none while its loss is bad or its weights are not finite. What is not shown is kept in
 * mind, over restarts, and is part of the first delta after: deltas leave no gap. Used by the task's thread.
 */
final class Showing {
    private static final MathContext DIGITS = new MathContext(4);

    private final ShardLearner learner;
    private final @Nullable PublicationGuard guard;
    private @Nullable Problem notFinite;
    private boolean told;

    /** @param spec when versions are held back; null for never */
    Showing(ShardLearner learner, @Nullable GuardSpec spec) {
        this.learner = learner;
        this.guard = spec == null ? null : new PublicationGuard(spec);
        if (guard != null) {
            learner.onLoss(guard::add);
        }
    }

    /** What nobody has seen since the last cut, unless there is nothing or it is not to be seen. */
    Optional<WeightDelta> cut() {
        if (guard != null && guard.isHeld()) {
            learner.holdBack();
            return Optional.empty();
        }
        Optional<WeightDelta> cut = learner.cut();
        if (guard == null || cut.isEmpty()) {
            return cut;
        }
        WeightDelta delta = cut.get();
        notFinite = delta.notFinite().orElse(null);
        if (notFinite != null) {
            learner.holdBack(delta.from(), delta.indices());
            return Optional.empty();
        }
        return cut;
    }

    boolean isHeld() {
        return notFinite != null || guard != null && guard.isHeld();
    }

    /** Whether it has changed since the last call if it is held; the first one after a restart is told again. */
    boolean takeChange() {
        boolean changed = told != isHeld();
        told = isHeld();
        return changed;
    }

    /** Why it is held; to be called while it is. */
    Problem reason() {
        if (notFinite != null) {
            return notFinite;
        }
        if (guard == null) {
            throw new IllegalStateException("reason: asked for (expected: while versions are held back)");
        }
        return new Problem(
                "loss of the last " + guard.spec().window() + " examples",
                shown(guard.loss()),
                "at most " + shown(guard.limit()) + ", snapshot.guard.margin "
                        + shown(100 * guard.spec().margin()) + "% above the good versions' "
                        + shown(guard.reference()));
    }

    private static String shown(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(number, DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }

    /** Figures beside those of progressive validation; what is not known, yet, is left out. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new HashMap<>();
        figures.put("held", isHeld() ? 1.0 : 0.0);
        figures.put("published", (double) learner.cutOffset());
        if (guard != null && Double.isFinite(guard.loss())) {
            figures.put("guard_loss", guard.loss());
        }
        if (guard != null && Double.isFinite(guard.reference())) {
            figures.put("guard_limit", guard.limit());
        }
        return figures;
    }

    /** What a checkpoint keeps. */
    GuardState state() {
        int[] rows = learner.heldBack();
        GuardState.Builder state = guard == null ? GuardState.newBuilder() : guard.state();
        return state.setPublished(learner.cutOffset())
                .setHeldBack(rows.length)
                .setRows(DeltaCodec.rows(rows))
                .build();
    }

    /** Goes on from there; the learner has been restored. */
    void restore(GuardState state, int tableRows) {
        if (guard != null) {
            guard.restore(state);
        }
        ByteBuffer rows = state.getRows();
        learner.holdBack(
                Math.min(state.getPublished(), learner.offset()),
                DeltaCodec.rows(rows, state.getHeldBack(), tableRows));
    }
}
