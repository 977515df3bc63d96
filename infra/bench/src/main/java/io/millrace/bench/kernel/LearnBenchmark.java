package io.millrace.bench.kernel;

import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import io.millrace.bench.own.BenchSpec;
import io.millrace.bench.own.ExampleLog;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.learn.ShardLearner;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One example, from the bytes of its record to the changed weights: reading, hashing into the table, prediction, learning,
 * progressive validation. Features are categorical and skewed as in {@link Synthetic}; the examples, about
 * 32 MB of them, are gone through again and again.
 *
 * <pre>
 *   ./millrace bench kernels Learn
 *   ./millrace bench kernels Learn -p features=39 -p bits=18,20,22,24,26
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LearnBenchmark {
    private static final int LOG_BYTES = 1 << 25;
    private static final int SEED = 1;

    /** What learns, at its defaults. */
    @Param({"auto", "ftrl"})
    public String learner;

    /** The table has 2^bits weights. */
    @Param({"18", "22", "26"})
    public int bits;

    /** Features of an example. */
    @Param({"10", "39", "100", "1000"})
    public int features;

    private byte[][] log;
    private ShardLearner shard;
    private long offset;

    /** Makes the examples, and a learner that has seen none. */
    @Setup(Level.Trial)
    public void start() {
        DataSet data = Synthetic.of(LOG_BYTES / (features * Long.BYTES), features, SEED);
        PipelineSpec spec = BenchSpec.of(data, "{learner: " + learner + ", bits: " + bits + "}");
        log = ExampleLog.of(data, spec.featureSet());
        shard = new ShardLearner(spec, "bench", 0);
        offset = 0;
    }

    /** Learns the next example. */
    @Benchmark
    public long learn() {
        byte[] record = log[(int) (offset % log.length)];
        shard.learn(offset++, record, 0, record.length);
        return offset;
    }

    @TearDown(Level.Trial)
    public void stop() {
        shard.close();
    }
}
