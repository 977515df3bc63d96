package io.millrace.bench.own;

import io.millrace.bench.contest.Contender;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Problem;
import java.util.Optional;
import java.util.function.Supplier;

/** A shard's learner, given the records of its log. */
final class MillraceContender implements Contender {
    private static final String LINEAGE = "bench";

    private final String setting;
    private final PipelineSpec spec;
    private final Supplier<byte[][]> log;

    MillraceContender(String setting, PipelineSpec spec, Supplier<byte[][]> log) {
        this.setting = setting;
        this.spec = spec;
        this.log = log;
    }

    @Override
    public String maker() {
        return MillraceContenders.MAKER;
    }

    @Override
    public String setting() {
        return setting;
    }

    @Override
    public String timed() {
        return "reading each Avro record (encoded before), expanding crosses, predicting, learning, progressive"
                + " validation, keeping track of what changed";
    }

    @Override
    public Learning start() {
        return new ShardLearning(new ShardLearner(spec, LINEAGE, 0), log.get());
    }

    private record ShardLearning(ShardLearner shard, byte[][] log) implements Learning {
        @Override
        public void learn(double[] predictions) {
            shard.onPrediction((offset, prediction, label, importance) -> predictions[(int) offset] = prediction);
            for (int i = 0; i < log.length; i++) {
                byte[] record = log[i];
                Optional<Problem> problem = shard.learn(i, record, 0, record.length);
                if (problem.isPresent()) {
                    throw new IllegalStateException(problem.get().toString());
                }
            }
            shard.tellPending((offset, prediction, label, importance) -> predictions[(int) offset] = prediction);
        }

        @Override
        public void close() {
            shard.close();
        }
    }
}
