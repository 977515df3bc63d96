package io.millrace.features.join.match;

import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.features.join.state.ShownItem;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where what belongs together meets. Keys may collide: whoever matches compares subject and item. */
public final class MatchKeys {
    private MatchKeys() {}

    /** The key of what was shown to whom. */
    public static long key(ShownItem shown) {
        return key(shown.getSubject(), shown.getItem());
    }

    /** The key of feedback that says for whom; that which does not say what, is at a key of the subject's. */
    public static long key(Feedback feedback) {
        return key(feedback.getSubject(), feedback.getItem() == null ? "" : feedback.getItem());
    }

    /** Whether it says for whom, and names no decision. */
    public static boolean isUnnamed(Feedback feedback) {
        return feedback.getDecisionId() == null && feedback.getRequestId() == null && feedback.getSubject() != null;
    }

    /** What a decision has shown, each item once. */
    public static List<ShownItem> shown(Decision decision) {
        Set<String> items = new HashSet<>();
        return decision.getSlate().stream()
                .map(Slot::getItem)
                .filter(items::add)
                .map(item -> new ShownItem(
                        decision.getId(),
                        decision.getRequestId(),
                        decision.getSubject(),
                        item,
                        decision.getTimeMicros()))
                .toList();
    }

    private static long key(String subject, String item) {
        return Hashing.xxh3_64().hashStream().putString(subject).putString(item).getAsLong();
    }
}
