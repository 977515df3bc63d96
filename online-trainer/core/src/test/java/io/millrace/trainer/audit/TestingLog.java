package io.millrace.trainer.audit;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.learn.RecordFeed;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A partition of examples, with gaps as transactions leave them, and the versions that a trainer has published of it. */
final class TestingLog {
    static final String LINEAGE = "00112233445566778899aabbccddeeff";
    static final String NAME = "examples-0";

    private static final int TRANSACTION = 10;

    private final PipelineSpec spec;
    private final Codec<Example> codec = Codec.of(Example.class);
    private final TreeMap<Long, byte[]> records = new TreeMap<>();

    TestingLog(String model, int examples, long seed) {
        this.spec = TestingSpecs.movies(model);
        TestingExamples random = new TestingExamples(spec, seed);
        long offset = 0;
        for (int i = 0; i < examples; i++) {
            offset += i > 0 && i % TRANSACTION == 0 ? 1 : 0;
            Example example = random.next();
            example.setDecisionId("d" + i);
            records.put(offset++, codec.encode(example));
        }
    }

    PipelineSpec spec() {
        return spec;
    }

    /** Where the next record would be, behind the marker of the last transaction. */
    long end() {
        return records.lastKey() + 2;
    }

    Example at(long offset) {
        return codec.decode(records.get(offset));
    }

    void put(long offset, Example example) {
        records.put(offset, codec.encode(example));
    }

    void put(long offset, byte[] bytes) {
        records.put(offset, bytes);
    }

    ShardLearner learner() {
        return new ShardLearner(spec, LINEAGE, 0);
    }

    static RecordFeed feed() {
        Codec<Example> codec = Codec.of(Example.class);
        return new RecordFeed(codec::decode);
    }

    /** A version after every so many records. */
    List<WeightDelta> versions(int every) {
        List<WeightDelta> versions = new ArrayList<>();
        try (ShardLearner learner = learner()) {
            int count = 0;
            for (Map.Entry<Long, byte[]> record : records.entrySet()) {
                feed().learn(learner, record.getKey(), record.getValue(), 0, record.getValue().length);
                if (++count % every == 0) {
                    versions.add(learner.cut().orElseThrow());
                }
            }
            learner.cut().ifPresent(versions::add);
        }
        return versions;
    }

    static PublishedVersions published(List<WeightDelta> versions) {
        PublishedVersions published = new PublishedVersions();
        for (int i = 0; i < versions.size(); i++) {
            WeightDelta version = versions.get(i);
            published.addDelta(version.from(), version.to(), version.digest(), version.examples(), 0, i);
        }
        return published;
    }

    /** Loses its beginning, and goes on from what was learned of it. */
    ShardFindings auditFrom(long begin, PublishedVersions published) {
        try (ShardLearner before = learner();
                ShardLearner learner = learner()) {
            records.headMap(begin).forEach((offset, value) -> feed().learn(before, offset, value, 0, value.length));
            learner.restore(before.header(), before.copyBlocks());
            ShardAudit audit = new ShardAudit(learner, feed(), published, true, NAME);
            records.tailMap(begin).forEach((offset, value) -> audit.record(offset, value, 0, value.length));
            return audit.end(end());
        }
    }

    ShardFindings audit(PublishedVersions published) {
        return audit(published, true);
    }

    ShardFindings audit(PublishedVersions published, boolean fromTheFirst) {
        try (ShardLearner learner = learner()) {
            ShardAudit audit = new ShardAudit(learner, feed(), published, fromTheFirst, NAME);
            // A value may lie anywhere in the bytes that hold it.
            records.forEach((offset, value) -> {
                byte[] around = new byte[value.length + 5];
                System.arraycopy(value, 0, around, 3, value.length);
                audit.record(offset, around, 3, value.length);
            });
            return audit.end(end());
        }
    }
}
