package io.millrace.bench.own;

import io.millrace.bench.contest.Contender;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Codec;
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
        return "decoding each Avro record (encoded before), expanding crosses, predicting, learning, progressive"
                + " validation, keeping track of what changed";
    }

    @Override
    public Learning start() {
        return new ShardLearning(new ShardLearner(spec, LINEAGE, 0), log.get());
    }

    private record ShardLearning(ShardLearner shard, byte[][] log) implements Learning {
        private static final Codec<Example> CODEC = Codec.of(Example.class);

        /**
         * A shard tells the sum of losses, not single predictions: the loss of one example is the difference of two sums,
         * and its exponential the probability that its label had.
         */
        @Override
        public void learn(double[] predictions) {
            Progress progress = shard.total();
            double before = 0;
            for (int i = 0; i < log.length; i++) {
                Example example = CODEC.decode(log[i]);
                shard.learn(i, example).ifPresent(problem -> {
                    throw new IllegalStateException(problem.toString());
                });
                double after = progress.meanLoss() * progress.examples();
                double ofLabel = Math.min(1, Math.exp(before - after));
                predictions[i] = example.getReward() > 0 ? ofLabel : 1 - ofLabel;
                before = after;
            }
        }

        @Override
        public void close() {
            shard.close();
        }
    }
}
