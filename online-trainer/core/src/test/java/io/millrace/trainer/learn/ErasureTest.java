package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Erasure;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.WireException;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErasureTest {
    private static final int RECORDS = 400;
    private static final int ERASED_AT = 150;
    private static final int LAST_DECISION = 250;

    private final Codec<Example> examples = Codec.of(Example.class);
    private final Codec<Erasure> erasures = Codec.of(Erasure.class);
    private final RecordFeed feed = new RecordFeed(this::decode);

    private SpecificRecord decode(byte[] record) {
        try {
            return erasures.decode(record);
        } catch (WireException e) {
            return examples.decode(record);
        }
    }

    private static long subject(int user) {
        return FeatureHash.of("user").hash(Integer.toString(user));
    }

    private static long micros(int at) {
        return 1_000_000L * at;
    }

    private void learn(ShardLearner learner, long at, byte[] record) {
        assertThat(feed.learn(learner, at, record, 0, record.length)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{learner: ftrl, loss: logistic, bits: 10}",
                "{learner: auto, loss: logistic, bits: 10, ids: {table: exact}}",
                "{learner: deep, loss: logistic, bits: 8}"
            })
    void fromItsRecordOnNothingIsLearnedOfWhatWasDecidedBefore(String model) {
        PipelineSpec spec = TestingSpecs.movies(model);
        FeatureVector vector = new FeatureVector(spec.featureSet());
        TestingExamples random = new TestingExamples(spec, 5);
        Set<Long> erased = Set.of(subject(3), subject(4));
        int passedOver = 0;
        ShardLearner restarted = new ShardLearner(spec, "l", 0);
        try (ShardLearner learner = new ShardLearner(spec, "l", 0);
                ShardLearner never = new ShardLearner(spec, "l", 0);
                ShardLearner all = new ShardLearner(spec, "l", 0)) {
            for (int at = 0; at < RECORDS; at++) {
                if (at == ERASED_AT || at == ERASED_AT + 1) {
                    byte[] record = erasures.encode(new Erasure(subject(at - ERASED_AT + 3), micros(LAST_DECISION)));
                    learn(learner, at, record);
                    learn(restarted, at, record);
                    passedOver++;
                    continue;
                }
                Example example = random.next();
                example.setDecisionTimeMicros(micros(at));
                byte[] record = examples.encode(example);
                learn(learner, at, record);
                learn(restarted, at, record);
                learn(all, at, record);
                vector.unpack(example.getFeatures().duplicate());
                if (at > ERASED_AT && at <= LAST_DECISION && erased.contains(vector.hash(0))) {
                    passedOver++;
                } else {
                    learn(never, at, record);
                }
                if (at % 97 == 0) {
                    SnapshotHeader header = restarted.header();
                    List<RowBlock> blocks = restarted.copyBlocks();
                    restarted.close();
                    restarted = new ShardLearner(spec, "l", 0);
                    restarted.restore(header, blocks);
                }
            }
            assertThat(passedOver).isGreaterThan(5);
            assertThat(learner.digest()).isEqualTo(never.digest()).isNotEqualTo(all.digest());
            assertThat(learner.total().figures()).isEqualTo(never.total().figures());
            assertThat(learner.passedOver()).isEqualTo(passedOver);
            assertThat(learner.examples()).isEqualTo(RECORDS - passedOver);
            assertThat(learner.rejected()).isZero();
            assertThat(learner.offset()).isEqualTo(RECORDS);
            assertThat(restarted.header()).isEqualTo(learner.header());
        } finally {
            restarted.close();
        }
    }

    @Test
    void aLineageThatPassesSubjectsOverIsAsIfTheyHadNeverBeen() {
        PipelineSpec spec = TestingSpecs.movies();
        FeatureVector vector = new FeatureVector(spec.featureSet());
        TestingExamples random = new TestingExamples(spec, 7);
        Erasures erased = Erasures.of(List.of(
                new Erasure(subject(3), 1L), new Erasure(subject(3), micros(RECORDS)), new Erasure(subject(3), 2L)));
        try (ShardLearner rebuilt = new ShardLearner(spec, List.of(), erased, "l", 0);
                ShardLearner never = new ShardLearner(spec, "l", 0)) {
            for (int at = 0; at < RECORDS; at++) {
                Example example = random.next();
                example.setDecisionTimeMicros(micros(at));
                learn(rebuilt, at, examples.encode(example));
                vector.unpack(example.getFeatures().duplicate());
                if (vector.hash(0) != subject(3)) {
                    learn(never, at, examples.encode(example));
                }
            }
            assertThat(rebuilt.digest()).isEqualTo(never.digest());
            assertThat(rebuilt.passedOver()).isPositive().isEqualTo(RECORDS - never.examples());
        }
    }

    /** Those who were erased under an older name of the subject stay so. */
    @Test
    void anOlderFeatureSetsSubjectIsKnownByItsOwnName() {
        PipelineSpec older = spec("user");
        PipelineSpec newest = spec("member");
        FeatureVector logged = new FeatureVector(older.featureSet());
        logged.categorical(0, subject(3)).categorical(1, 99);
        byte[] example = examples.encode(TestingExamples.of(logged).build());
        byte[] erasure = erasures.encode(new Erasure(subject(3), micros(RECORDS)));
        try (ShardLearner learner = new ShardLearner(newest, List.of(older.featureSet()), "l", 0)) {
            learn(learner, 0, example);
            learn(learner, 1, erasure);
            learn(learner, 2, example);
            assertThat(learner.examples()).isEqualTo(1);
            assertThat(learner.passedOver()).isEqualTo(2);
        }
    }

    private static PipelineSpec spec(String subject) {
        return SpecReader.read("""
                pipeline: movies
                decision: {subject: %s, candidate: {item: categorical}}
                feedback: {reward: {click: 1.0}}
                model: {learner: ftrl, bits: 8}
                """.formatted(subject), "test");
    }
}
