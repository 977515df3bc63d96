package io.millrace.local.erase;

import io.millrace.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an erasure has done, and what it leaves until it expires.
 *
 * @param subjects who was erased
 * @param until event time of the last decision that is forgotten
 * @param kept how long topics keep their records, where that is known; nothing for ever
 */
public record Erased(List<String> subjects, Instant until, Map<Topic, Optional<Duration>> kept) {
    private static final Map<Topic, String> WHAT = Map.of(
            Topic.DECISIONS, "the subject by name",
            Topic.OUTCOMES, "the subject by name",
            Topic.FEEDBACK, "ids of the subject's decisions",
            Topic.EVENTS, "what was sent about the subject as an entity",
            Topic.DEAD_LETTERS, "rejected records as they came",
            Topic.EXAMPLES, "a hash of the subject, among the features of what was logged");

    public Erased {
        subjects = List.copyOf(subjects);
        kept = Map.copyOf(kept);
    }

    /** The topics in which something of a subject remains. */
    static List<Topic> remaining() {
        return WHAT.keySet().stream().sorted().toList();
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(subjects.size() == 1 ? subjects.get(0) : subjects.size() + " subjects")
                .append(": from now on nothing is learned of what was decided until ")
                .append(until)
                .append(", nor shown by 'millrace trace'\n");
        out.append(String.format(Locale.ROOT, "  %-13s %s%n", Topic.NAMES.text(), "the name behind the hash is gone"));
        for (Topic topic : remaining()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-13s %s: %s%n",
                    topic.text(),
                    WHAT.get(topic),
                    kept.containsKey(topic) ? end(kept.get(topic)) : "for as long as the topic keeps records"));
        }
        out.append(String.format(
                Locale.ROOT,
                "  %-13s %s%n",
                "the model",
                "has learned from it already, until one is that has not: 'millrace model rebuild --without-erased'"));
        return out.toString();
    }

    private String end(Optional<Duration> retention) {
        return retention
                .map(time -> "the last is deleted some time after " + until.plus(time))
                .orElse("kept for ever, and passed over");
    }
}
