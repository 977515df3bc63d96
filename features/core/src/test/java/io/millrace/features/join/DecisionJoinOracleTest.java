package io.millrace.features.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.SampleSpec;
import io.millrace.features.spec.Take;
import io.millrace.record.Decision;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random streams against {@link NaiveJoin}. Every call decodes the state and encodes it again, so that each is a restart. */
class DecisionJoinOracleTest {
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 100);
    private static final int STEPS = 150;
    private static final List<String> KINDS = List.of("click", "like", "unlike", "seen", "rating", "dismiss");

    @Test
    void saysWhatTheNaiveJoinSays() {
        EnumSet<JoinCount> met = EnumSet.noneOf(JoinCount.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            TestingJoin join = run(seed);
            met.addAll(join.counts.keySet());
        }
        assertThat(met)
                .containsAll(
                        EnumSet.complementOf(EnumSet.of(JoinCount.INVALID, JoinCount.UNLOGGED, JoinCount.EXCESSIVE)));
    }

    private static TestingJoin run(long seed) {
        Random random = new Random(seed);
        long window = 5 + random.nextInt(30);
        long late = random.nextInt(5) == 0 ? window : window + random.nextInt(60);
        FeedbackSpec spec = new FeedbackSpec(
                        Map.of("click", 1.0, "like", 2.5, "unlike", -2.5, "rating", 1.0),
                        Set.of("rating", "dismiss"),
                        Duration.of(window, ChronoUnit.MICROS),
                        Duration.of(late, ChronoUnit.MICROS))
                .with(random.nextInt(3) == 0 ? LabelSpec.SUM : labels(random))
                .with(new SampleSpec(random.nextBoolean() ? 1 : 0.05 + 0.9 * random.nextDouble(), seed));
        TestingJoin join = new TestingJoin(new DecisionJoin(spec));
        NaiveJoin naive = new NaiveJoin(spec);
        boolean jumps = random.nextBoolean();
        List<Decision> past = new ArrayList<>();
        List<Feedback> told = new ArrayList<>();
        long now = 50;
        for (int step = 0; step < STEPS; step++) {
            String key = "key" + random.nextInt(3);
            int what = random.nextInt(10);
            if (what < 3) {
                Decision decision = decision(random, key, now, past);
                join.decision(key, decision);
                naive.decision(key, decision);
            } else if (what < 8) {
                Feedback feedback = feedback(random, key, now, told);
                join.feedback(key, feedback);
                naive.feedback(key, feedback);
            } else {
                now += random.nextInt(12);
                advance(join, jumps, now - 10);
                naive.time(now - 10);
            }
        }
        advance(join, jumps, now + 200);
        naive.time(now + 200);
        assertThat(join.lines).as("seed %d", seed).isEqualTo(naive.lines);
        assertThat(join.keys()).as("keys left, seed %d", seed).isZero();
        assertOneLabelASlot(join, seed);
        return join;
    }

    private static LabelSpec labels(Random random) {
        Take[] takes = Take.values();
        Map<String, Take> take = new HashMap<>();
        List.of("click", "like", "rating").forEach(kind -> take.put(kind, takes[random.nextInt(takes.length)]));
        return new LabelSpec(
                take,
                takes[random.nextInt(takes.length)],
                random.nextBoolean() ? "seen" : null,
                random.nextBoolean() ? LabelTiming.WINDOW : LabelTiming.IMMEDIATE);
    }

    private static void advance(TestingJoin join, boolean jumps, long micros) {
        if (jumps) {
            join.jump(micros);
        } else {
            join.time(micros);
        }
    }

    private static void assertOneLabelASlot(TestingJoin join, long seed) {
        Set<String> labelled = new HashSet<>();
        join.examples.stream()
                .filter(example -> example.getKind() == ExampleKind.ORIGINAL)
                .forEach(example -> assertThat(labelled.add(example.getDecisionId() + "/" + example.getSlot()))
                        .as("seed %d: %s", seed, example)
                        .isTrue());
    }

    private static Decision decision(Random random, String key, long now, List<Decision> past) {
        if (!past.isEmpty() && random.nextInt(6) == 0) {
            Decision again = past.get(random.nextInt(past.size()));
            if (again.getId().startsWith(key) && again.getTimeMicros() > now - 20) {
                return again;
            }
        }
        List<Slot> slate = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            slate.add(Records.slot("i" + random.nextInt(4), (byte) i));
        }
        int number = past.size() % 6;
        String id = key + "-d" + number + "-" + past.size() / 6;
        String requestId = random.nextInt(3) == 0 ? null : key + "-r" + random.nextInt(2);
        long time = now - random.nextInt(random.nextInt(10) == 0 ? 50 : 12);
        Decision decision = Records.decision(id, requestId, time, slate);
        past.add(decision);
        return decision;
    }

    private static Feedback feedback(Random random, String key, long now, List<Feedback> told) {
        if (!told.isEmpty() && random.nextInt(8) == 0) {
            Feedback again = told.get(random.nextInt(told.size()));
            String names = again.getDecisionId() == null ? again.getRequestId() : again.getDecisionId();
            if (names.startsWith(key)) {
                return again;
            }
        }
        long time = now - random.nextInt(20) + random.nextInt(random.nextInt(10) == 0 ? 90 : 15);
        Feedback feedback = Records.feedback("f" + told.size(), KINDS.get(random.nextInt(KINDS.size())), time);
        if (random.nextBoolean()) {
            int last = told.size() / 10;
            feedback.setDecisionId(key + "-d" + random.nextInt(6) + "-" + Math.max(0, last - random.nextInt(2)));
        } else {
            feedback.setRequestId(key + "-r" + random.nextInt(2));
        }
        if (random.nextInt(5) != 0) {
            feedback.setSlot(random.nextInt(5) - (random.nextInt(20) == 0 ? 1 : 0));
        }
        if (random.nextInt(4) == 0) {
            feedback.setItem("i" + random.nextInt(5));
        }
        feedback.setFinal$(random.nextInt(6) == 0);
        feedback.setValue(1 + random.nextInt(3));
        told.add(feedback);
        return feedback;
    }
}
