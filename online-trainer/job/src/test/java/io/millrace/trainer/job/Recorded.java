package io.millrace.trainer.job;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A log of examples of several partitions, made from a seed, some of its records no examples. */
final class Recorded {
    static final PipelineSpec SPEC = spec("learner: ftrl, bits: 14, alpha: 0.1");

    static PipelineSpec spec(String model) {
        return SpecReader.read("""
            pipeline: movies
            decision:
              subject: user
              context: {hour: categorical}
              candidate: {item: categorical, genres: categorical_set, age: numeric}
            feedback:
              reward: {click: 1.0}
              window: 30m
              late: 7d
            crosses: [[user, genres]]
            model: {%s}
            snapshot: {every: 20ms, base: 1s}
            """.formatted(model), "test");
    }

    private static final int UNDECODABLE_EVERY = 701;
    private static final int UNFIT_EVERY = 503;

    private final PipelineSpec spec;
    private final List<List<byte[]>> partitions = new ArrayList<>();
    private int rejected;

    Recorded(int partitionCount, int perPartition, long seed) {
        this(SPEC, partitionCount, perPartition, seed);
    }

    Recorded(PipelineSpec spec, int partitionCount, int perPartition, long seed) {
        this.spec = spec;
        Random random = new Random(seed);
        Codec<Example> codec = Codec.of(Example.class);
        for (int p = 0; p < partitionCount; p++) {
            List<byte[]> records = new ArrayList<>();
            for (int i = 0; i < perPartition; i++) {
                if (i % UNDECODABLE_EVERY == 100) {
                    rejected++;
                    records.add(new byte[] {1, 2, 3});
                } else {
                    boolean unfit = i % UNFIT_EVERY == 200;
                    rejected += unfit ? 1 : 0;
                    records.add(codec.encode(example(random, i, unfit)));
                }
            }
            partitions.add(records);
        }
    }

    PipelineSpec spec() {
        return spec;
    }

    int partitions() {
        return partitions.size();
    }

    List<byte[]> partition(int number) {
        return partitions.get(number);
    }

    int rejected() {
        return rejected;
    }

    /** What the pure core makes of a partition alone; the caller closes it. */
    ShardLearner learned(int partition, String lineage) {
        ShardLearner learner = new ShardLearner(spec, lineage, partition);
        teach(learner, partition);
        return learner;
    }

    /** Has a learner learn a whole partition. */
    void teach(ShardLearner learner, int partition) {
        Codec<Example> codec = Codec.of(Example.class);
        for (int i = 0; i < partitions.get(partition).size(); i++) {
            if (i % UNDECODABLE_EVERY == 100) {
                learner.skip(i);
            } else {
                learner.learn(i, codec.decode(partitions.get(partition).get(i)));
            }
        }
    }

    private static Example example(Random random, int number, boolean unfit) {
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        int user = random.nextInt(200);
        int item = random.nextInt(500);
        vector.categorical(0, hash("user", user));
        vector.categorical(1, hash("hour", random.nextInt(24)));
        vector.categorical(2, hash("item", item));
        vector.hashes(3, hash("genres", item % 11), hash("genres", 11 + item % 7));
        vector.numeric(4, random.nextFloat() * 3);
        boolean liked = random.nextInt(10) < (user + item) % 10;
        boolean correction = number % 50 == 49;
        return Example.newBuilder()
                .setDecisionId("decision-" + number)
                .setSlot(0)
                .setKind(correction ? ExampleKind.CORRECTION : ExampleKind.ORIGINAL)
                .setFeatureSet("movies")
                .setFeatureSetVersion(vector.set().version() + (unfit ? 1 : 0))
                .setFeatures(ByteBuffer.wrap(vector.pack()))
                .setReward(liked ? 1 : 0)
                .setReplacedReward(correction ? (liked ? 0.0 : 1.0) : null)
                .setPropensity(0.1)
                .setArm("learned")
                .setDecisionTimeMicros(number)
                .setLabelDelayMicros(0)
                .build();
    }

    private static long hash(String field, int value) {
        return FeatureHash.of(field).hash(Integer.toString(value));
    }
}
