package io.millrace.features.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Weeks of decisions and feedback, late by up to days, early, repeated, against an oracle that has the whole log before it and
 * says of each slot, without a state, what its labels must be. Every call decodes the state and encodes it again, so that each
 * is a restart.
 */
class WholeLogTest {
    private static final long MINUTE = 60_000_000L;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final long T = 1_760_000_000_000_000L;
    private static final long WINDOW = 30 * MINUTE;
    private static final long LATE = 7 * DAY;
    private static final FeedbackSpec SPEC = new FeedbackSpec(
            Map.of("click", 1.0, "like", 2.0, "unlike", -2.0),
            Set.of("dismiss"),
            Duration.ofMinutes(30),
            Duration.ofDays(7));
    private static final List<String> KINDS = List.of("click", "like", "unlike", "seen", "dismiss");

    /** A record as it arrives: with the event time that was reached before it and after it. */
    private record Arrived(Decision decision, Feedback feedback, long arrival, long before, long after) {
        String key() {
            return decision == null ? feedback.getDecisionId() : decision.getId();
        }
    }

    @Test
    void labelsAreWhatTheOrderOfArrivalAllowsAndNoFeedbackIsWithoutEffect() {
        EnumSet<JoinCount> met = EnumSet.noneOf(JoinCount.class);
        for (long seed = 0; seed < 60; seed++) {
            List<Arrived> log = log(new Random(seed));
            TestingJoin join = new TestingJoin(new DecisionJoin(SPEC));
            long end = 0;
            for (Arrived record : log) {
                if (record.decision == null) {
                    join.feedback(record.key(), record.feedback);
                } else {
                    join.decision(record.key(), record.decision);
                }
                join.time(record.after);
                end = record.after;
            }
            join.time(end + 20 * DAY);
            met.addAll(join.counts.keySet());
            List<String> replaced = new ArrayList<>();
            assertThat(labels(join.examples)).as("seed %d", seed).isEqualTo(expected(log, replaced));
            assertThat(replaced(join.outcomes)).as("seed %d", seed).isEqualTo(replaced);
            assertThat(join.keys()).as("keys left, seed %d", seed).isZero();
            assertEachHasItsEffect(log, join, seed);
        }
        assertThat(met)
                .contains(
                        JoinCount.MATCHED,
                        JoinCount.EARLY,
                        JoinCount.LATE,
                        JoinCount.CORRECTED,
                        JoinCount.REPEATED,
                        JoinCount.REPEATED_DECISION,
                        JoinCount.UNMATCHED,
                        JoinCount.EXPIRED);
    }

    /** Every feedback that arrived is an outcome, a dead letter with a reason, or a repeat of one that is. */
    private static void assertEachHasItsEffect(List<Arrived> log, TestingJoin join, long seed) {
        long arrived = log.stream().filter(record -> record.feedback != null).count();
        long outcomes = join.outcomes.stream()
                .filter(outcome -> !outcome.getKind().equals("window"))
                .map(outcome -> outcome.getId())
                .distinct()
                .count();
        long letters = join.count(JoinCount.UNMATCHED) + join.count(JoinCount.EXPIRED);
        long ofDecisions = join.reasons.stream()
                .filter(reason -> reason.startsWith("decision "))
                .count();
        assertThat(outcomes).as("seed %d", seed).isEqualTo(join.count(JoinCount.MATCHED));
        assertThat(outcomes + letters - ofDecisions + join.count(JoinCount.REPEATED))
                .as("seed %d", seed)
                .isEqualTo(arrived);
    }

    private static List<String> labels(List<Example> examples) {
        return examples.stream()
                .map(example -> line(
                        example.getDecisionId(),
                        example.getSlot(),
                        example.getKind(),
                        example.getReplacedReward(),
                        example.getReward(),
                        example.getLabelDelayMicros()))
                .sorted()
                .toList();
    }

    private static String line(String id, int slot, ExampleKind kind, Double replaced, double reward, long delay) {
        return "%s/%d %s %s -> %s after %d".formatted(id, slot, kind, replaced, reward, delay);
    }

    private static List<String> replaced(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.getReplaced() != null)
                .map(outcome -> replaced(
                        outcome.getId(),
                        outcome.getReplaced().getReward(),
                        outcome.getReward(),
                        outcome.getReplaced().getTimeMicros()))
                .sorted()
                .toList();
    }

    private static String replaced(String id, double wrong, double right, long closed) {
        return "%s %s -> %s at %d".formatted(id, wrong, right, closed);
    }

    /** @param replaced gets which feedback replaces which label, and when that one closed */
    private static List<String> expected(List<Arrived> log, List<String> replaced) {
        Map<String, List<Arrived>> keys = new LinkedHashMap<>();
        log.forEach(record ->
                keys.computeIfAbsent(record.key(), absent -> new ArrayList<>()).add(record));
        List<String> lines = new ArrayList<>();
        keys.values().forEach(records -> expect(records, log, lines, replaced));
        lines.sort(Comparator.naturalOrder());
        replaced.sort(Comparator.naturalOrder());
        return lines;
    }

    private static void expect(List<Arrived> records, List<Arrived> log, List<String> lines, List<String> replaced) {
        Arrived made = records.stream()
                .filter(record -> record.decision != null)
                .findFirst()
                .orElse(null);
        if (made == null || made.decision.getTimeMicros() + LATE <= made.before) {
            return;
        }
        Decision decision = made.decision;
        long close = decision.getTimeMicros() + WINDOW;
        long closing = log.stream()
                .filter(record -> record.arrival >= made.arrival && record.after >= close)
                .mapToLong(Arrived::arrival)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        for (int slot = 0; slot < decision.getSlate().size(); slot++) {
            Told told = new Told(decision, slot, lines, replaced);
            List<Arrived> held = new ArrayList<>();
            for (Arrived record : effective(records, made)) {
                if (record.feedback.getSlot() != slot) {
                    continue;
                }
                if (record.arrival > closing) {
                    told.close(close);
                    held.forEach(one -> told.tell(one.feedback));
                    held.clear();
                }
                if (!told.isLabelled() && record.feedback.getTimeMicros() > close) {
                    held.add(record);
                } else {
                    told.tell(record.feedback);
                    if (told.isLabelled()) {
                        held.forEach(one -> told.tell(one.feedback));
                        held.clear();
                    }
                }
            }
            told.close(close);
            held.forEach(one -> told.tell(one.feedback));
        }
    }

    /** Feedback that reaches its decision, in the order in which it does; each once, as long as anything is kept of its key. */
    private static List<Arrived> effective(List<Arrived> records, Arrived made) {
        long last = made.decision.getTimeMicros() + LATE;
        Set<String> seen = new HashSet<>();
        List<Arrived> effective = new ArrayList<>();
        long kept = Long.MIN_VALUE;
        for (Arrived record : records) {
            if (record.before >= kept) {
                seen.clear();
            }
            if (record == made) {
                kept = Math.max(kept, last);
            } else if (record.feedback != null && seen.add(record.feedback.getId())) {
                long time = record.feedback.getTimeMicros();
                boolean early = record.arrival < made.arrival || record.before >= last;
                long patience = Math.max(time, record.before) + WINDOW;
                kept = early ? Math.max(kept, patience) : kept;
                if (time <= last && (!early || patience > made.before && record.before < last)) {
                    effective.add(record);
                }
            }
        }
        return effective;
    }

    /** What is said of one slot, one after the other. */
    private static final class Told {
        private final Decision decision;
        private final int slot;
        private final List<String> lines;
        private final List<String> replaced;
        private double reward;
        private Double label;
        private long closed;

        Told(Decision decision, int slot, List<String> lines, List<String> replaced) {
            this.decision = decision;
            this.slot = slot;
            this.lines = lines;
            this.replaced = replaced;
        }

        boolean isLabelled() {
            return label != null;
        }

        void close(long time) {
            if (label == null) {
                closed = time;
                write(ExampleKind.ORIGINAL, time);
            }
        }

        void tell(Feedback feedback) {
            reward += SPEC.rewardOf(feedback.getKind(), feedback.getValue());
            if (label == null && feedback.getKind().equals("dismiss")) {
                close(feedback.getTimeMicros());
            } else if (label != null && label != reward) {
                replaced.add(replaced(feedback.getId(), label, reward, closed));
                write(ExampleKind.CORRECTION, feedback.getTimeMicros());
            }
        }

        private void write(ExampleKind kind, long time) {
            lines.add(line(decision.getId(), slot, kind, label, reward, time - decision.getTimeMicros()));
            label = reward;
        }
    }

    private static List<Arrived> log(Random random) {
        record Sent(long at, Decision decision, Feedback feedback) {}
        List<Sent> sent = new ArrayList<>();
        long now = T;
        int told = 0;
        for (int i = 0; i < 150; i++) {
            now += random.nextInt(240) * MINUTE / 2;
            String id = "d" + i;
            Decision decision = Records.decision(id, null, now, 1 + random.nextInt(3));
            long lag = lag(random);
            sent.add(new Sent(now + lag, decision, null));
            if (random.nextInt(10) == 0) {
                sent.add(new Sent(now + lag + random.nextInt(60) * MINUTE, decision, null));
            }
            for (int j = random.nextInt(5); j > 0; j--) {
                long delay = random.nextInt(3) == 0
                        ? (long) (random.nextDouble() * 8 * DAY)
                        : random.nextInt(60) * MINUTE + random.nextInt(1000);
                Feedback feedback = Records.on(
                        Records.feedback("f" + told++, KINDS.get(random.nextInt(KINDS.size())), now + delay),
                        id,
                        random.nextInt(decision.getSlate().size()));
                long arrival = now + delay + lag(random);
                sent.add(new Sent(arrival, null, feedback));
                if (random.nextInt(8) == 0) {
                    sent.add(new Sent(arrival + random.nextInt(3 * 24 * 60) * MINUTE, null, feedback));
                }
            }
        }
        sent.sort(Comparator.comparingLong(Sent::at));
        List<Arrived> log = new ArrayList<>();
        long reached = T;
        for (Sent one : sent) {
            long time = one.decision == null ? one.feedback.getTimeMicros() : one.decision.getTimeMicros();
            long after = Math.max(reached, time - MINUTE);
            log.add(new Arrived(one.decision, one.feedback, log.size(), reached, after));
            reached = after;
        }
        return log;
    }

    /** Mostly seconds; at times hours, so that what belongs together comes in another order; rarely days. */
    private static long lag(Random random) {
        int what = random.nextInt(20);
        if (what == 0) {
            return (long) (random.nextDouble() * 8 * DAY);
        }
        return what < 4 ? random.nextInt(300) * MINUTE : random.nextInt(5_000_000);
    }
}
