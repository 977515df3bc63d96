package io.millrace.bench.pipeline;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Problem;
import java.util.Optional;

/** The learner of the job without broker and job, given the same bytes: what the job is to come to, bit by bit. */
final class Alone implements Entrant {
    private static final String LINEAGE = "bench";

    private final String setting;
    private final PipelineSpec spec;
    private final byte[][] log;

    Alone(String setting, PipelineSpec spec, byte[][] log) {
        this.setting = setting;
        this.spec = spec;
        this.log = log;
    }

    @Override
    public String way() {
        return "millrace, from memory";
    }

    @Override
    public String setting() {
        return setting;
    }

    @Override
    public String timed() {
        return "reading each Avro record (encoded before), predicting, learning; no versions published";
    }

    @Override
    public Lap run() {
        try (ShardLearner shard = new ShardLearner(spec, LINEAGE, 0)) {
            System.gc();
            double processorBegin = ProcessorTime.seconds();
            long begin = System.nanoTime();
            for (int i = 0; i < log.length; i++) {
                Optional<Problem> problem = shard.learn(i, log[i], 0, log[i].length);
                if (problem.isPresent()) {
                    throw new IllegalStateException(problem.get().toString());
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double processorSeconds = ProcessorTime.seconds() - processorBegin;
            return Lap.straight(log.length, seconds, processorSeconds, shard.digest());
        }
    }
}
