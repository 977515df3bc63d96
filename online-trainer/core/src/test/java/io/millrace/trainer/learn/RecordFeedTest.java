package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.wire.Codec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFeedTest {
    private static final PipelineSpec SPEC = TestingSpecs.movies();

    private final Codec<Example> codec = Codec.of(Example.class);
    private final Example example = new TestingExamples(SPEC, 1).next();
    private final byte[] foreign = "of another schema".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatIsWrittenWithAnotherSchemaIsLearnedAsIfItWereNot() {
        RecordFeed feed = new RecordFeed(record -> {
            assertThat(record).isEqualTo(foreign);
            return example;
        });
        try (ShardLearner direct = new ShardLearner(SPEC, "l", 0);
                ShardLearner decoded = new ShardLearner(SPEC, "l", 0)) {
            byte[] record = codec.encode(example);
            assertThat(feed.learn(direct, 4, record, 0, record.length)).isEmpty();
            assertThat(feed.learn(decoded, 4, foreign, 0, foreign.length)).isEmpty();
            assertThat(decoded.digest()).isEqualTo(direct.digest()).isNotEqualTo("0000000000000000");
        }
    }

    @Test
    void whatIsNoExampleIsRejected() {
        RecordFeed feed = new RecordFeed(codec::decode);
        try (ShardLearner learner = new ShardLearner(SPEC, "l", 0)) {
            assertThat(feed.learn(learner, 4, foreign, 0, foreign.length).orElseThrow())
                    .isNotEmpty();
            assertThat(feed.learn(learner, 5, foreign, 0, 0)).isPresent();
            assertThat(learner.offset()).isEqualTo(6);
            assertThat(learner.rejected()).isEqualTo(2);
            assertThat(learner.digest()).isEqualTo("0000000000000000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{learner: ftrl, loss: logistic, bits: 10}",
                "{learner: auto, loss: logistic, bits: 10}",
                "{learner: deep, loss: logistic, bits: 8}"
            })
    void withoutAStretchIsAsIfItHadNeverBeenWritten(String model) {
        PipelineSpec spec = TestingSpecs.movies(model);
        TestingExamples random = new TestingExamples(spec, 3);
        Exclusions without = Exclusions.NONE.and(0, 100, 170).and(1, 0, 300);
        RecordFeed excluding = new RecordFeed(codec::decode, without);
        RecordFeed all = new RecordFeed(codec::decode);
        try (ShardLearner rebuilt = new ShardLearner(spec, "l", 0);
                ShardLearner never = new ShardLearner(spec, "l", 0);
                ShardLearner poisoned = new ShardLearner(spec, "l", 0)) {
            for (long offset = 0; offset < 300; offset++) {
                byte[] record = codec.encode(random.next());
                excluding.learn(rebuilt, offset, record, 0, record.length);
                all.learn(poisoned, offset, record, 0, record.length);
                if (offset < 100 || offset >= 170) {
                    all.learn(never, offset, record, 0, record.length);
                }
            }
            assertThat(rebuilt.digest()).isEqualTo(never.digest()).isNotEqualTo(poisoned.digest());
            assertThat(rebuilt.examples()).isEqualTo(230);
            assertThat(rebuilt.rejected()).isZero();
            assertThat(rebuilt.offset()).isEqualTo(300);
            assertThat(rebuilt.total().figures()).isEqualTo(never.total().figures());
        }
    }
}
