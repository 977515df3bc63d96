package io.millrace.features.join.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random streams against a match that remembers everything and tries time microsecond by microsecond. */
class SubjectMatchOracleTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 120;

    /** What was said, and the event time at which it was read. */
    private record Told(Feedback feedback, long offset, long read) {}

    private static final class Naive {
        final List<String> matched = new ArrayList<>();
        final List<Long> dead = new ArrayList<>();
        private final long window;
        private final long late;
        private final long patience;
        private final List<Decision> decisions = new ArrayList<>();
        private final List<Told> waiting = new ArrayList<>();
        private final Map<String, Feedback> said = new HashMap<>();
        private long watermark;

        Naive(long window, long late, long patience) {
            this.window = window;
            this.late = late;
            this.patience = patience;
        }

        void decision(Decision decision) {
            if (decision.getTimeMicros() + late > watermark) {
                decisions.add(decision);
                retry();
            }
        }

        void feedback(Feedback feedback, long offset) {
            if (said.putIfAbsent(feedback.getId(), feedback) == null) {
                waiting.add(new Told(feedback, offset, watermark));
                retry();
            }
        }

        void time(long micros) {
            while (watermark < micros) {
                watermark++;
                retry();
                for (Told told : List.copyOf(waiting)) {
                    if (Math.max(told.feedback.getTimeMicros(), told.read) + window <= watermark) {
                        waiting.remove(told);
                        dead.add(told.offset);
                    }
                }
                decisions.removeIf(decision -> decision.getTimeMicros() + late <= watermark);
            }
            said.values()
                    .removeIf(feedback -> decisions.stream().noneMatch(decision -> isAbout(feedback, decision))
                            && waiting.stream().noneMatch(told -> isAbout(told.feedback, feedback)));
        }

        private void retry() {
            waiting.removeIf(told -> {
                long time = told.feedback.getTimeMicros();
                if (time - patience > watermark) {
                    return false;
                }
                Decision last = decisions.stream()
                        .filter(decision -> isAbout(told.feedback, decision))
                        .filter(decision ->
                                decision.getTimeMicros() <= time && time <= decision.getTimeMicros() + window)
                        .max(Comparator.comparing(Decision::getTimeMicros).thenComparing(Decision::getId))
                        .orElse(null);
                if (last != null) {
                    matched.add(told.feedback.getId() + "=" + last.getId());
                }
                return last != null;
            });
        }

        private static boolean isAbout(Feedback feedback, Decision decision) {
            return decision.getSubject().equals(feedback.getSubject())
                    && decision.getSlate().stream()
                            .anyMatch(slot -> slot.getItem().equals(feedback.getItem()));
        }

        private static boolean isAbout(Feedback one, Feedback other) {
            return one.getSubject().equals(other.getSubject()) && one.getItem().equals(other.getItem());
        }
    }

    @Test
    void findsWhatTheNaiveMatchFinds() {
        EnumSet<MatchCount> met = EnumSet.noneOf(MatchCount.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            met.addAll(run(seed).counts.keySet());
        }
        assertThat(met)
                .containsAll(EnumSet.complementOf(
                        EnumSet.of(MatchCount.WITHOUT_ITEM, MatchCount.CROWDED_OUT, MatchCount.EXCESSIVE)));
    }

    private static TestingMatch run(long seed) {
        Random random = new Random(seed);
        long window = 5 + random.nextInt(30);
        long late = window + random.nextInt(60);
        long patience = random.nextInt(10);
        FeedbackSpec spec = new FeedbackSpec(
                Map.of("click", 1.0),
                Set.of(),
                Duration.of(window, ChronoUnit.MICROS),
                Duration.of(late, ChronoUnit.MICROS));
        TestingMatch match = new TestingMatch(new SubjectMatch(spec, Duration.of(patience, ChronoUnit.MICROS)));
        Naive naive = new Naive(window, late, patience);
        match.time(0);
        long now = 0;
        for (int step = 0; step < STEPS; step++) {
            long time = Math.max(0, now + 10 - random.nextInt(40));
            switch (random.nextInt(3)) {
                case 0 -> {
                    String[] items = random.nextBoolean()
                            ? new String[] {item(random)}
                            : new String[] {item(random), item(random)};
                    Decision decision = TestingMatch.decision("d" + step, null, subject(random), time, items);
                    match.decision(decision);
                    naive.decision(decision);
                }
                case 1 -> {
                    boolean repeats = random.nextInt(8) == 0;
                    // A repeat says the same as before.
                    Random said = repeats ? new Random(seed) : random;
                    String id = repeats ? "again" : "f" + step;
                    long when = repeats ? 20 : time;
                    String subject = subject(said);
                    String item = item(said);
                    match.feedback(TestingMatch.feedback(id, subject, item, when), step);
                    naive.feedback(TestingMatch.feedback(id, subject, item, when), step);
                }
                default -> {
                    now += random.nextInt(8);
                    match.time(now);
                    naive.time(now);
                }
            }
            assertThat(match.matched)
                    .as("seed %d, step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(naive.matched);
            assertThat(match.dead).as("seed %d, step %d", seed, step).containsExactlyInAnyOrderElementsOf(naive.dead);
        }
        match.time(now + 1000);
        assertThat(match.keys()).as("seed %d: nothing is left", seed).isZero();
        return match;
    }

    private static String subject(Random random) {
        return "s" + random.nextInt(2);
    }

    private static String item(Random random) {
        return "i" + random.nextInt(2);
    }
}
