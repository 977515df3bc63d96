package io.millrace.local.letters;

import io.millrace.record.DeadLetter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Dead letters of one topic, component and kind of reason: reasons that differ in numbers and ids only are one kind. */
final class LetterGroup {
    private static final Pattern PARTICULAR = Pattern.compile("[0-9a-fA-F-]{16,}|[0-9]+([.][0-9]+)?");

    /** What they have in common. */
    record Key(String topic, String component, String reason) implements Comparable<Key> {
        static Key of(DeadLetter letter) {
            return new Key(
                    letter.getTopic(),
                    letter.getComponent(),
                    PARTICULAR.matcher(letter.getReason()).replaceAll("#"));
        }

        @Override
        public int compareTo(Key other) {
            int byTopic = topic.compareTo(other.topic);
            int byComponent = byTopic != 0 ? byTopic : component.compareTo(other.component);
            return byComponent != 0 ? byComponent : reason.compareTo(other.reason);
        }
    }

    private final DeadLetter first;
    private long count;
    private long replayed;
    private long firstMicros = Long.MAX_VALUE;
    private long lastMicros = Long.MIN_VALUE;

    LetterGroup(DeadLetter first) {
        this.first = first;
    }

    void add(DeadLetter letter, boolean isReplayed) {
        count++;
        replayed += isReplayed ? 1 : 0;
        firstMicros = Math.min(firstMicros, letter.getTimeMicros());
        lastMicros = Math.max(lastMicros, letter.getTimeMicros());
    }

    /** Two lines: what and how often, then an example. */
    String text() {
        return first.getTopic() + "  " + first.getComponent() + "  " + count
                + (replayed == 0 ? "" : " (" + replayed + " replayed)") + "  " + time(firstMicros) + " to "
                + time(lastMicros) + "\n    " + Place.of(first) + ": " + first.getReason() + "\n";
    }

    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    }
}
