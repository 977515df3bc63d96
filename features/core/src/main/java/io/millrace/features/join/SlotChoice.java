package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.record.Feedback;
import io.millrace.wire.Problem;
import java.util.List;

/** Which slot of its decision feedback is about. */
sealed interface SlotChoice {
    /** That one. */
    record Chosen(int slot) implements SlotChoice {}

    /** It cannot be told. */
    record Refused(Problem problem) implements SlotChoice {}

    static SlotChoice of(Feedback feedback, PendingDecision decision) {
        List<PendingSlot> slots = decision.getSlots();
        String name = "feedback " + Reasons.shortened(feedback.getId());
        Integer slot = feedback.getSlot();
        String item = feedback.getItem();
        if (slot != null) {
            if (slot < 0 || slot >= slots.size()) {
                return new Refused(new Problem(name, "slot " + slot, "a slot below " + slots.size()));
            }
            if (item != null && !slots.get(slot).getItem().equals(item)) {
                return new Refused(new Problem(
                        name,
                        "item " + Reasons.shortened(item) + " in slot " + slot,
                        "the item shown there, " + slots.get(slot).getItem()));
            }
            return new Chosen(slot);
        }
        return item == null ? only(name, slots.size()) : byItem(name, item, slots);
    }

    private static SlotChoice only(String name, int slots) {
        return slots == 1
                ? new Chosen(0)
                : new Refused(new Problem(name, "no slot and no item", "one of them, on a slate of " + slots));
    }

    private static SlotChoice byItem(String name, String item, List<PendingSlot> slots) {
        int found = -1;
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).getItem().equals(item)) {
                if (found >= 0) {
                    return new Refused(new Problem(
                            name, "item " + Reasons.shortened(item), "the slot too, since it was shown in several"));
                }
                found = i;
            }
        }
        return found < 0
                ? new Refused(new Problem(name, "item " + Reasons.shortened(item), "an item of the slate"))
                : new Chosen(found);
    }
}
