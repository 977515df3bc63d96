package io.millrace.bench.jobs;

import io.millrace.bench.jobs.Backlog.Entry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.ModelVersion;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Decisions, {@value #PER_SECOND} a second of event time, and one piece of feedback for each, five seconds later and about a slot
 * in turn. Every other one closes its slot; the other slots' labels close with their window, a minute. All of it is kept for
 * corrections, a week. The n-th of either is always the same.
 */
final class DecisionBacklog {
    static final int PER_SECOND = 1_000;

    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final long STEP_MICROS = 1_000_000 / PER_SECOND;
    private static final long DELAY_MICROS = 5_000_000;
    private static final int VALUES = 100_000;
    private static final int OFFERED = 100;
    private static final String POLICY = "epsilon_greedy(epsilon=0.05), control=0.1, popularity=0.0 by item";
    private static final String LINEAGE = "949a3073d199aa6f7944190bc28341cf";

    private final int slots;
    private final int candidates;
    private final double unshownRate;
    private final FeatureSet set;
    private final FeatureVector vector;
    private final Codec<Decision> decisions = Codec.of(Decision.class);
    private final Codec<Feedback> feedbacks = Codec.of(Feedback.class);

    /** Decisions that log what they show. */
    DecisionBacklog(PipelineSpec spec, int slots) {
        this(spec, slots, OFFERED, 0);
    }

    /**
     * @param spec of {@link #spec}
     * @param candidates offered, at least as many as slots
     * @param unshownRate with which those that are not shown are logged
     */
    DecisionBacklog(PipelineSpec spec, int slots, int candidates, double unshownRate) {
        this.slots = slots;
        this.candidates = candidates;
        this.unshownRate = unshownRate;
        this.set = spec.featureSet();
        this.vector = new FeatureVector(set);
    }

    /**
     * A pipeline whose candidates have so many features, numeric and categorical in turn; the item is one of them.
     *
     * @param window after which labels close
     */
    static PipelineSpec spec(int features, String window) {
        StringBuilder text = new StringBuilder("""
                pipeline: bench_join
                decision:
                  subject: user
                  context: {hour: categorical}
                  candidate:
                    item: categorical
                """);
        for (int f = 1; f < features; f++) {
            text.append("    f").append(f).append(f % 2 == 0 ? ": categorical\n" : ": numeric\n");
        }
        text.append("""
                feedback:
                  reward: {click: 1.0, like: 2.0}
                  final: [like]
                  window: %s
                  late: 7d
                snapshot: {base: 10s, guard: off}
                """.formatted(window));
        return SpecReader.read(text.toString(), "bench.yaml");
    }

    Entry decision(long n) {
        SplittableRandom random = new SplittableRandom(n);
        fill(vector.clear(), 0, set.shared(), random);
        byte[] shared = vector.packShared();
        List<Slot> slate = new ArrayList<>(slots);
        for (int slot = 0; slot < slots; slot++) {
            fill(vector.clearCandidate(), set.shared(), set.features().size(), random);
            slate.add(new Slot(
                    "item-" + random.nextInt(VALUES), ByteBuffer.wrap(vector.packCandidate()), 0.25f, 0.125, 0.25));
        }
        String id = id(n);
        Decision decision = Decision.newBuilder()
                .setId(id)
                .setSubject("user-" + random.nextInt(VALUES))
                .setTimeMicros(timeMicros(n))
                .setFeatureSet(set.name())
                .setFeatureSetVersion(set.version())
                .setShared(ByteBuffer.wrap(shared))
                .setArm("learned")
                .setExplored(false)
                .setSlate(slate)
                .setCandidates(candidates)
                .setUnshown(unshown(random))
                .setUnshownRate(unshownRate)
                .setPolicy(POLICY)
                .setModel(new ModelVersion(LINEAGE, List.of(n)))
                .build();
        return new Entry(id.getBytes(StandardCharsets.UTF_8), decisions.encode(decision), decision.getTimeMicros());
    }

    private List<Candidate> unshown(SplittableRandom random) {
        List<Candidate> unshown = new ArrayList<>();
        for (int i = slots; i < candidates; i++) {
            if (random.nextDouble() < unshownRate) {
                fill(vector.clearCandidate(), set.shared(), set.features().size(), random);
                unshown.add(new Candidate(
                        "item-" + random.nextInt(VALUES), ByteBuffer.wrap(vector.packCandidate()), 0.25f));
            }
        }
        return unshown;
    }

    Entry feedback(long n) {
        String decision = id(n);
        Feedback feedback = Feedback.newBuilder()
                .setId(new UUID(DecisionIds.joinKey(decision), n).toString())
                .setDecisionId(decision)
                .setSlot((int) (n % slots))
                .setKind(n % 2 == 0 ? "like" : "click")
                .setTimeMicros(timeMicros(n) + DELAY_MICROS)
                .build();
        return new Entry(
                decision.getBytes(StandardCharsets.UTF_8), feedbacks.encode(feedback), feedback.getTimeMicros());
    }

    private static void fill(FeatureVector vector, int from, int to, SplittableRandom random) {
        for (int position = from; position < to; position++) {
            if (vector.kind(position) == FeatureKind.CATEGORICAL) {
                vector.categorical(position, new SplittableRandom(random.nextInt(VALUES)).nextLong());
            } else {
                vector.numeric(position, random.nextInt(1000) / 8f);
            }
        }
    }

    private static String id(long n) {
        return DecisionIds.mint(timeMicros(n) / 1000, new SplittableRandom(~n).nextLong());
    }

    private static long timeMicros(long n) {
        return START_MICROS + n * STEP_MICROS;
    }
}
