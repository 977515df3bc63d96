package io.millrace.trainer.job;

import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Builds the learning job: examples are keyed by their partition, each partition's shard learns them in the order of the log,
 * and what the shards say goes to one sink. Parallelism only decides which task hosts a shard; operators have stable ids,
 * so that a job goes on from a checkpoint with another parallelism. Operators whose parallelism differs are never chained, not
 * even where it happens to be the same: a chain would make one's number of key groups the other's at a restart.
 */
public final class LearnJob {
    /** The job's name, unless it is given another. */
    public static final String NAME = "millrace-learn";

    /** Nothing waits in a buffer for company: an element is a whole block where there is much to read. */
    private static final Duration BUFFER_TIMEOUT = Duration.ZERO;

    private static final Duration CHECKPOINT_PAUSE = Duration.ofMillis(100);

    private LearnJob() {}

    /** Sets checkpoints and latency as this job needs them; the state backend is the deployment's choice. */
    public static void configure(StreamExecutionEnvironment env, LearnJobSettings settings) {
        long interval = settings.checkpointInterval().toMillis();
        env.enableCheckpointing(interval, CheckpointingMode.EXACTLY_ONCE);
        env.getCheckpointConfig().setMinPauseBetweenCheckpoints(Math.min(interval, CHECKPOINT_PAUSE.toMillis()));
        env.getCheckpointConfig()
                .setExternalizedCheckpointRetention(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        env.setBufferTimeout(BUFFER_TIMEOUT.toMillis());
        env.getConfig().enableObjectReuse();
    }

    /** Adds the job to the environment; the caller configures and executes it. */
    public static void build(StreamExecutionEnvironment env, KafkaSettings kafka, LearnJobSettings settings) {
        build(env, kafka, settings, UnaryOperator.identity());
    }

    /**
     * @param tap stands between source and shards
     */
    static void build(
            StreamExecutionEnvironment env,
            KafkaSettings kafka,
            LearnJobSettings settings,
            UnaryOperator<DataStream<LogBlock>> tap) {
        DataStream<LogBlock> examples = env.fromSource(
                        ExampleSource.of(kafka, settings), WatermarkStrategy.noWatermarks(), "examples", LogBlock.TYPE)
                .uid("examples");
        SingleOutputStreamOperator<Published> learned = tap.apply(examples)
                .keyBy(LogBlock::partition, Types.INT)
                .transform("learn", Published.TYPE, new LearnOperator(kafka, settings))
                .uid("learn");
        DataStream<Published> manifests = learned.getSideOutput(LearnOperator.BASES)
                .transform("manifests", Published.TYPE, new ManifestOperator(settings))
                .uid("manifests")
                .setParallelism(1)
                .disableChaining();
        // By one task of the sink: through several, an older manifest could overtake a newer one, and would be the
        // last.
        learned.union(manifests.global())
                .sinkTo(PublishSink.of(kafka))
                .name("publish")
                .uid("publish");
    }
}
