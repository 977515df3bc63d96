package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what is said about a slot: its label, a correction of it, unless it is sampled out, and its outcomes. */
final class Labels {
    /** The kind of the outcome that ends a slot's window. */
    static final String WINDOW = "window";

    private final Sample sample;

    Labels(Sample sample) {
        this.sample = sample;
    }

    /** Labels the slot with its reward. */
    void close(PendingDecision decision, int slot, long timeMicros, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        pending.setLabel(pending.getReward());
        double weight = sample.weight(decision.getId(), slot, pending.getReward());
        pending.setWeight(weight == 1 ? null : Double.valueOf(weight));
        pending.setClosedMicros(timeMicros);
        write(decision, slot, timeMicros, ExampleKind.ORIGINAL, null, out);
    }

    /**
     * Replaces the slot's label by its reward.
     *
     * @return what was replaced; null where nobody knows when it closed
     */
    static @Nullable ReplacedLabel correct(PendingDecision decision, int slot, long timeMicros, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        Double replaced = pending.getLabel();
        pending.setLabel(pending.getReward());
        write(decision, slot, timeMicros, ExampleKind.CORRECTION, replaced, out);
        Long closed = pending.getClosedMicros();
        return closed == null ? null : new ReplacedLabel(replaced, closed);
    }

    private static double weight(PendingSlot slot) {
        Double weight = slot.getWeight();
        return weight == null ? 1 : weight;
    }

    private static void write(
            PendingDecision decision,
            int slot,
            long timeMicros,
            ExampleKind kind,
            @Nullable Double replaced,
            JoinOutput out) {
        if (weight(decision.getSlots().get(slot)) == 0) {
            out.count(JoinCount.SAMPLED_OUT);
        } else {
            out.example(example(decision, slot, timeMicros, kind, replaced));
        }
    }

    static Outcome outcome(
            PendingDecision decision,
            int slot,
            String id,
            String kind,
            double value,
            boolean closed,
            long timeMicros,
            @Nullable ReplacedLabel replaced) {
        PendingSlot pending = decision.getSlots().get(slot);
        return new Outcome(
                id,
                decision.getId(),
                slot,
                pending.getItem(),
                decision.getSubject(),
                decision.getArm(),
                kind,
                value,
                closed,
                pending.getReward(),
                timeMicros,
                decision.getTimeMicros(),
                decision.getFeatureSet(),
                decision.getFeatureSetVersion(),
                features(decision, pending),
                Map.copyOf(decision.getVariants()),
                replaced);
    }

    private static Example example(
            PendingDecision decision, int slot, long timeMicros, ExampleKind kind, @Nullable Double replaced) {
        PendingSlot pending = decision.getSlots().get(slot);
        return new Example(
                decision.getId(),
                slot,
                kind,
                decision.getFeatureSet(),
                decision.getFeatureSetVersion(),
                features(decision, pending),
                pending.getLabel(),
                replaced,
                weight(pending),
                pending.getPropensity(),
                decision.getArm(),
                decision.getTimeMicros(),
                timeMicros - decision.getTimeMicros(),
                Map.copyOf(decision.getVariants()));
    }

    private static ByteBuffer features(PendingDecision decision, PendingSlot slot) {
        ByteBuffer shared = decision.getShared().duplicate();
        ByteBuffer own = slot.getFeatures().duplicate();
        return ByteBuffer.allocate(shared.remaining() + own.remaining())
                .put(shared)
                .put(own)
                .flip();
    }
}
