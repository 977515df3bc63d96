package io.millrace.features.spec;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the feedback of a slot becomes its label.
 *
 * @param take what is made of the rewards of one kind, where it is not their sum
 * @param combine what is made of the kinds' rewards
 * @param shown the kind of feedback that says that a slot was seen; null if every slot that was logged was
 * @param timing when the label is given
 */
public record LabelSpec(
        Map<String, Take> take, Take combine, @Nullable String shown, LabelTiming timing) implements Serializable {
    /** The sum of everything, at the end of the window. */
    public static final LabelSpec SUM = new LabelSpec(Map.of(), Take.SUM, null, LabelTiming.WINDOW);

    public LabelSpec {
        Map<String, Take> others = new HashMap<>(take);
        others.values().removeIf(one -> one == Take.SUM);
        take = Map.copyOf(others);
    }

    public Take take(String kind) {
        return take.getOrDefault(kind, Take.SUM);
    }

    /** The kind of feedback without which, or any other, a slot has no label. */
    public Optional<String> exposure() {
        return Optional.ofNullable(shown);
    }

    /** Whether the label is a plain sum, for which single rewards need not be remembered. */
    public boolean isSum() {
        return combine == Take.SUM && take.isEmpty();
    }
}
