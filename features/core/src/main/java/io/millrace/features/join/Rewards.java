package io.millrace.features.join;

import io.millrace.features.join.state.Heard;
import io.millrace.features.join.state.Part;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelSpec;
import io.millrace.features.spec.Take;
import io.millrace.record.Feedback;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What feedback makes of a slot's reward. Which reward is first, last or highest does not depend on the order in which feedback
 * arrives; sums do in their last bits.
 */
final class Rewards {
    private static final Comparator<Part> BY_TIME =
            Comparator.comparingLong(Part::getTimeMicros).thenComparing(Part::getId);

    private static final Comparator<Part> HIGHEST =
            Comparator.comparingDouble(Part::getReward).thenComparing(BY_TIME.reversed());

    private final FeedbackSpec spec;
    private final LabelSpec labels;

    Rewards(FeedbackSpec spec) {
        this.spec = spec;
        this.labels = spec.labels();
    }

    /** A slot's reward, and what is to be remembered of how it came about. */
    record Sum(double reward, @Nullable Heard heard) {}

    /** The slot's reward after one more feedback; the slot stays as it is. */
    Sum after(PendingSlot slot, Feedback feedback) {
        String kind = feedback.getKind();
        double reward = spec.rewardOf(kind, feedback.getValue());
        if (labels.isSum()) {
            return new Sum(slot.getReward() + reward, labels.exposure().isEmpty() ? null : new Heard(List.of()));
        }
        if (!Double.isFinite(reward)) {
            return new Sum(reward, slot.getHeard());
        }
        List<Part> parts = parts(slot);
        if (spec.reward().containsKey(kind)) {
            add(parts, new Part(kind, reward, feedback.getTimeMicros(), feedback.getId()));
        }
        return new Sum(combined(parts), new Heard(parts));
    }

    /** What counted as a sum, under an earlier rule, stays a part of its own. */
    private static List<Part> parts(PendingSlot slot) {
        if (slot.getHeard() != null) {
            return new ArrayList<>(slot.getHeard().getParts());
        }
        return slot.getReward() == 0
                ? new ArrayList<>(1)
                : new ArrayList<>(List.of(new Part("", slot.getReward(), Long.MIN_VALUE, "")));
    }

    /** Whether anything was said about a slot; where no kind of feedback tells exposure, all that is logged was seen. */
    boolean isExposed(PendingSlot slot) {
        return labels.exposure().isEmpty() || slot.getHeard() != null || slot.getReward() != 0;
    }

    private void add(List<Part> parts, Part part) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).getKind().equals(part.getKind())) {
                parts.set(i, taken(labels.take(part.getKind()), parts.get(i), part));
                return;
            }
        }
        parts.add(part);
        parts.sort(Comparator.comparing(Part::getKind));
    }

    private static Part taken(Take take, Part one, Part other) {
        if (take == Take.SUM) {
            Part last = BY_TIME.compare(one, other) < 0 ? other : one;
            return new Part(one.getKind(), one.getReward() + other.getReward(), last.getTimeMicros(), last.getId());
        }
        return chosen(take, one, other);
    }

    private static Part chosen(Take take, Part one, Part other) {
        return switch (take) {
            case FIRST -> BY_TIME.compare(one, other) <= 0 ? one : other;
            case LAST -> BY_TIME.compare(one, other) >= 0 ? one : other;
            case MAX -> HIGHEST.compare(one, other) >= 0 ? one : other;
            case SUM -> throw new IllegalArgumentException("take: sum (expected: one that chooses)");
        };
    }

    private double combined(List<Part> parts) {
        Take combine = labels.combine();
        return combine == Take.SUM
                ? parts.stream().mapToDouble(Part::getReward).sum()
                : parts.stream()
                        .reduce((one, other) -> chosen(combine, one, other))
                        .map(Part::getReward)
                        .orElse(0.0);
    }
}
