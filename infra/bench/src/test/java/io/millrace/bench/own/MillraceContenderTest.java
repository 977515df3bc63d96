package io.millrace.bench.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.ContenderContract;
import io.millrace.bench.contest.Score;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;

class MillraceContenderTest extends ContenderContract {
    /** Bits of a table that is made in no time. */
    private static final int SMALL = 14;

    @Override
    protected List<Contender> contenders(DataSet data) {
        return MillraceContenders.of(data, MillraceContenders.SETTINGS, List.of(SMALL))
                .get(0);
    }

    @Test
    void theLossIsThatOfTheShard() {
        DataSet data = Synthetic.of(5000, 10, 1);
        PipelineSpec spec = BenchSpec.of(data, "{learner: ftrl, bits: 12}");
        byte[][] log = ExampleLog.of(data, spec.featureSet());
        double[] predictions = new double[data.size()];
        try (Contender.Learning learning = new MillraceContender("", spec, () -> log).start()) {
            learning.learn(predictions);
        }
        Codec<Example> codec = Codec.of(Example.class);
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            for (int i = 0; i < log.length; i++) {
                assertThat(shard.learn(i, codec.decode(log[i]))).isEmpty();
            }
            assertThat(Score.of(predictions, data.labels(), 1e-15).logLoss())
                    .isCloseTo(shard.total().meanLoss(), within(1e-9));
        }
    }
}
