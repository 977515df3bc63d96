package io.millrace.trainer;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import java.util.Random;

/** Random examples of {@link TestingSpecs#movies()}, whose rewards depend on user and item. */
public final class TestingExamples {
    private final FeatureSet set;
    private final Random random;

    public TestingExamples(PipelineSpec spec, long seed) {
        this.set = spec.featureSet();
        this.random = new Random(seed);
    }

    /** The next example; now and then a correction, a missing feature, or a sequence with repeats. */
    public Example next() {
        int user = random.nextInt(20);
        int item = random.nextInt(50);
        FeatureVector vector = new FeatureVector(set);
        vector.categorical(set.indexOf("user"), hash("user", user));
        vector.categorical(set.indexOf("hour"), hash("hour", random.nextInt(24)));
        if (random.nextInt(4) > 0) {
            vector.numeric(set.indexOf("temperature"), (float) random.nextGaussian());
        }
        vector.categorical(set.indexOf("item"), hash("item", item));
        vector.hashes(set.indexOf("genres"), hash("genres", item % 5), hash("genres", item % 7 + 5));
        vector.weightedSet(set.indexOf("words"), new long[] {hash("words", random.nextInt(30))}, new float[] {0.5f});
        vector.hashes(
                set.indexOf("history"),
                hash("history", random.nextInt(3)),
                hash("history", random.nextInt(3)),
                hash("history", random.nextInt(3)));
        if (random.nextInt(4) > 0) {
            vector.numeric(set.indexOf("age"), random.nextFloat() * 10);
        }
        vector.embedding(set.indexOf("taste"), random.nextFloat(), -random.nextFloat());
        double odds = (user % 4 - 1.5) * (item % 3 - 1) - 0.5;
        double reward = random.nextDouble() < 1 / (1 + Math.exp(-odds)) ? 1 + random.nextInt(2) : 0;
        boolean correction = random.nextInt(10) == 0;
        return of(vector)
                .setReward(reward)
                .setWeight(1 + random.nextInt(2))
                .setKind(correction ? ExampleKind.CORRECTION : ExampleKind.ORIGINAL)
                .setReplacedReward(correction ? 1 - Math.min(1, reward) : null)
                .build();
    }

    /** An example of a vector, rewarded with 1. */
    public static Example.Builder of(FeatureVector vector) {
        return Example.newBuilder()
                .setDecisionId("0190d5b0-0000-7000-8000-000000000000")
                .setSlot(0)
                .setFeatureSet(vector.set().name())
                .setFeatureSetVersion(vector.set().version())
                .setFeatures(ByteBuffer.wrap(vector.pack()))
                .setReward(1)
                .setPropensity(0.5)
                .setArm("learned")
                .setDecisionTimeMicros(1_000_000)
                .setLabelDelayMicros(1);
    }

    private static long hash(String field, int value) {
        return FeatureHash.of(field).hash(Integer.toString(value));
    }
}
