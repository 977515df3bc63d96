package io.millrace.trainer.audit;

import io.millrace.record.ExampleKind;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.wire.ExampleView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every slot has one label, and each correction replaces the label that the slot has. Takes 32 to 40 bytes a labelled slot: 320 to 400 MB for
 * ten million.
 */
public final class ExampleLedger {
    private final KeyTable labels = new KeyTable();
    private final boolean fromTheBeginning;
    private long originals;
    private long corrections;
    private long repeated;
    private long baseless;
    private @Nullable Difference first;

    /** @param fromTheBeginning whether the log has all examples: else a correction may be of one that was deleted */
    public ExampleLedger(boolean fromTheBeginning) {
        this.fromTheBeginning = fromTheBeginning;
    }

    /**
     * The next example of a partition.
     *
     * @param log what the partition is called
     */
    public void add(ExampleView example, String log, long offset) {
        String decision = example.decisionId();
        int slot = example.slot();
        boolean known = labels.find(decision, slot);
        if (example.kind() == ExampleKind.ORIGINAL) {
            originals++;
            if (known) {
                repeated++;
                note(
                        Kind.REPEATED_EXAMPLE,
                        offset,
                        "one example of the slot",
                        "another",
                        "slot " + slot + " of decision " + decision + " has an example already, and another at offset "
                                + offset + " of " + log + ": it is learned twice");
            } else {
                labels.put(Double.doubleToRawLongBits(example.reward()));
            }
            return;
        }
        corrections++;
        if (!known && fromTheBeginning) {
            baseless++;
            note(
                    Kind.BASELESS_CORRECTION,
                    offset,
                    "an example of the slot before it",
                    "none",
                    "the correction at offset " + offset + " of " + log + " is of slot " + slot + " of decision "
                            + decision + ", which has no example before it");
        } else if (known && labels.value() != Double.doubleToRawLongBits(example.replacedReward())) {
            baseless++;
            note(
                    Kind.BASELESS_CORRECTION,
                    offset,
                    Double.toString(Double.longBitsToDouble(labels.value())),
                    Double.toString(example.replacedReward()),
                    "the correction at offset " + offset + " of " + log + " replaces label " + example.replacedReward()
                            + " of slot " + slot + " of decision " + decision + ", whose label is "
                            + Double.longBitsToDouble(labels.value()));
        }
        labels.put(Double.doubleToRawLongBits(example.reward()));
    }

    private void note(Kind kind, long offset, String expected, String found, String text) {
        if (first == null) {
            first = new Difference(kind, offset, expected, found, text);
        }
    }

    public long originals() {
        return originals;
    }

    public long corrections() {
        return corrections;
    }

    /** Examples of slots that had one. */
    public long repeated() {
        return repeated;
    }

    /** Corrections of slots that had no example, or another label. */
    public long baseless() {
        return baseless;
    }

    public boolean isEqual() {
        return repeated == 0 && baseless == 0;
    }

    /** The first that is wrong. */
    public Optional<Difference> first() {
        return Optional.ofNullable(first);
    }

    /** Bytes of its table. */
    public long bytes() {
        return labels.bytes();
    }
}
