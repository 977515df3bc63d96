package io.millrace.bench.jobs;

import io.millrace.bench.jobs.Backlog.Entry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
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
import java.util.Map;
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
    private static final String POLICY = "epsilon_greedy(epsilon=0.05), control=0.1, popularity=0.0 by item";
    private static final String LINEAGE = "949a3073d199aa6f7944190bc28341cf";

    private final int slots;
    private final FeatureSet set;
    private final FeatureVector vector;
    private final Codec<Decision> decisions = Codec.of(Decision.class);
    private final Codec<Feedback> feedbacks = Codec.of(Feedback.class);

    /** @param spec of {@link #spec} */
    DecisionBacklog(PipelineSpec spec, int slots) {
        this.slots = slots;
        this.set = spec.featureSet();
        this.vector = new FeatureVector(set);
    }

    /**
     * A pipeline whose candidates have so many features, numeric and categorical in turn; the item is one of them.
     */
    static PipelineSpec spec(int features) {
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
                  window: 1m
                  late: 7d
                """);
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
        Decision decision = new Decision(
                id,
                null,
                "user-" + random.nextInt(VALUES),
                timeMicros(n),
                set.name(),
                set.version(),
                ByteBuffer.wrap(shared),
                "learned",
                false,
                slate,
                100,
                List.of(),
                0.0,
                POLICY,
                new ModelVersion(LINEAGE, List.of(n)),
                Map.of());
        return new Entry(id.getBytes(StandardCharsets.UTF_8), decisions.encode(decision));
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
        return new Entry(decision.getBytes(StandardCharsets.UTF_8), feedbacks.encode(feedback));
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
