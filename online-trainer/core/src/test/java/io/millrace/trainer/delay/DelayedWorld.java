package io.millrace.trainer.delay;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.join.DecisionJoin;
import io.millrace.features.join.JoinCount;
import io.millrace.features.join.JoinOutput;
import io.millrace.features.join.Place;
import io.millrace.features.join.state.JoinState;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.record.Slot;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Users who click on items, a decision a second, and tell of it later: half of the clicks within the window, half after it. Drawn once;
 * how its feedback is joined, and learned from, is told. A decision is predicted when it is made, by what was learned until then.
 */
final class DelayedWorld {
    private static final int DECISIONS = 20_000;
    private static final int USERS = 60;
    private static final int ITEMS = 40;
    private static final long SECOND = 1_000_000;
    private static final long START = 1_760_000_000L * SECOND;

    /** One decision, and when its click is told; 0 if there is none. */
    private record Shown(int user, int item, long timeMicros, long clickMicros, long knownInTime) {}

    private final List<Shown> all = new ArrayList<>();

    /** What happens to an item now and then. */
    enum Fate {
        STILL,
        /** It becomes better or worse. */
        DRIFTING,
        /** A new one takes its place. */
        REPLACED
    }

    /**
     * @param window half of the clicks come within it
     * @param late the others come after it, within this; all come within the window where the two are equal
     */
    DelayedWorld(long seed, Fate fate, Duration window, Duration late) {
        Random random = new Random(seed);
        double[] users = random.doubles(USERS, -1, 1).toArray();
        double[] items = random.doubles(ITEMS, -1.5, 1.5).toArray();
        int[] generations = new int[ITEMS];
        for (int i = 0; i < DECISIONS; i++) {
            if (fate != Fate.STILL && random.nextInt(40) == 0) {
                int changed = random.nextInt(ITEMS);
                items[changed] = 3 * random.nextDouble() - 1.5;
                generations[changed] += fate == Fate.REPLACED ? 1 : 0;
            }
            int user = random.nextInt(USERS);
            int place = random.nextInt(ITEMS);
            int item = place + ITEMS * generations[place];
            boolean clicks = random.nextDouble() < 1 / (1 + Math.exp(0.5 - users[user] - items[place]));
            boolean isLate = random.nextBoolean() && late.compareTo(window) > 0;
            double share = random.nextDouble();
            long time = START + i * SECOND;
            long span = window.toSeconds() * SECOND;
            long until = late.toSeconds() * SECOND;
            long delay = isLate ? span + 1 + (long) (share * (until - span - 1)) : (long) (share * span);
            all.add(new Shown(user, item, time, clicks ? time + delay : 0, clicks ? time + Math.min(delay, span) : 0));
        }
    }

    /**
     * The mean log-loss on the true labels.
     *
     * @param inTime whether what is told after the window is told at its end instead
     */
    double loss(String learner, FeedbackSpec spec, boolean inTime) {
        PipelineSpec pipeline = TestingSpecs.movies("{learner: " + learner + ", bits: 12}");
        FeatureVector vector = new FeatureVector(pipeline.featureSet());
        double sum = 0;
        try (ShardLearner shard = new ShardLearner(pipeline, "l", 0)) {
            Joined joined = new Joined(spec, shard);
            PriorityQueue<Feedback> told =
                    new PriorityQueue<>((one, other) -> Long.compare(one.getTimeMicros(), other.getTimeMicros()));
            for (Shown shown : all) {
                while (!told.isEmpty() && told.peek().getTimeMicros() <= shown.timeMicros) {
                    joined.feedback(told.remove());
                }
                joined.time(shown.timeMicros);
                fill(vector, shown);
                double p = shard.predict(vector);
                sum -= Math.log(shown.clickMicros > 0 ? p : 1 - p);
                String id = "d" + shown.timeMicros;
                joined.decision(decision(id, shown, vector));
                if (shown.clickMicros > 0) {
                    told.add(click(id, inTime ? shown.knownInTime : shown.clickMicros));
                }
            }
        }
        return sum / all.size();
    }

    private static void fill(FeatureVector vector, Shown shown) {
        vector.clear();
        vector.categorical(vector.set().indexOf("user"), FeatureHash.of("user").hash("" + shown.user));
        vector.categorical(vector.set().indexOf("item"), FeatureHash.of("item").hash("" + shown.item));
    }

    private static Decision decision(String id, Shown shown, FeatureVector vector) {
        return Decision.newBuilder()
                .setId(id)
                .setSubject("" + shown.user)
                .setTimeMicros(shown.timeMicros)
                .setFeatureSet(vector.set().name())
                .setFeatureSetVersion(vector.set().version())
                .setShared(ByteBuffer.wrap(vector.packShared()))
                .setArm("learned")
                .setExplored(false)
                .setSlate(List.of(new Slot("" + shown.item, ByteBuffer.wrap(vector.packCandidate()), 0f, 1.0, 1.0)))
                .setCandidates(1)
                .setPolicy("all")
                .build();
    }

    private static Feedback click(String id, long timeMicros) {
        return Feedback.newBuilder()
                .setId("f" + id)
                .setDecisionId(id)
                .setSlot(0)
                .setKind("click")
                .setTimeMicros(timeMicros)
                .build();
    }

    /** The join of all keys, and the learner behind it. */
    private static final class Joined implements JoinOutput {
        private final DecisionJoin join;
        private final ShardLearner shard;
        private final Map<String, JoinState> states = new HashMap<>();
        private final PriorityQueue<Map.Entry<Long, String>> timers = new PriorityQueue<>(
                Map.Entry.<Long, String>comparingByKey().thenComparing(Map.Entry.comparingByValue()));
        private long offset;
        private long watermark = Long.MIN_VALUE;

        Joined(FeedbackSpec spec, ShardLearner shard) {
            this.join = new DecisionJoin(spec);
            this.shard = shard;
        }

        void decision(Decision decision) {
            JoinState state = state(decision.getId());
            join.onDecision(state, decision, new Place(0, 0), watermark, this);
            wait(decision.getId(), state);
        }

        void feedback(Feedback feedback) {
            time(feedback.getTimeMicros() - 1);
            JoinState state = state(feedback.getDecisionId());
            join.onFeedback(state, feedback, new Place(0, 0), watermark, this);
            wait(feedback.getDecisionId(), state);
        }

        void time(long micros) {
            watermark = Math.max(watermark, micros);
            while (!timers.isEmpty() && timers.peek().getKey() <= watermark) {
                Map.Entry<Long, String> due = timers.remove();
                JoinState state = state(due.getValue());
                if (join.onTime(state, due.getKey(), this)) {
                    wait(due.getValue(), state);
                }
            }
        }

        private JoinState state(String key) {
            return states.computeIfAbsent(key, absent -> join.begin());
        }

        private void wait(String key, JoinState state) {
            if (DecisionJoin.isEmpty(state)) {
                states.remove(key);
            } else {
                timers.add(Map.entry(join.next(state), key));
            }
        }

        @Override
        public void example(Example example) {
            shard.learn(offset++, example);
        }

        @Override
        public void outcome(Outcome outcome) {}

        @Override
        public void deadLetter(Topic source, Place place, byte[] bytes, String reason) {}

        @Override
        public void count(JoinCount what) {}
    }
}
