package io.millrace.features.job.history;

import io.millrace.features.history.HistoryTable;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;

/**
 * The history: {@code events}, {@code decisions}, {@code feedback}, {@code outcomes} and {@code examples} in; Parquet files by topic
 * and day, and {@code dead-letters}, out.
 *
 * <p>Guarantees: what is committed in the topics is in finished files exactly once, whatever dies, as long as the job goes on from its
 * last checkpoint; it reads from the beginning without one, and then everything is there again. A file is finished with the checkpoint
 * after its last row, so the checkpoints' interval says how small files are and how late. Names that begin with a dot are of files
 * that are not finished. Dead letters are written at least once.
 */
public final class HistoryJob {
    /** How the job is called. */
    public static final String NAME = "millrace-history";

    /** How often files are finished, where nobody says otherwise. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private HistoryJob() {}

    /**
     * Adds the job to an environment that {@link io.millrace.features.job.JoinJob#configure} prepared.
     *
     * @param directory where files go, in a file system that Flink knows
     * @param clock stamps dead letters; must be serialisable
     */
    public static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            PipelineSpec spec,
            URI directory,
            JoinJobSettings settings,
            Clock clock) {
        KafkaSource<byte[]> source = KafkaSource.<byte[]>builder()
                .setProperties(kafka.consumer())
                .setTopics(topics().stream().map(kafka::name).toList())
                .setGroupId(settings.transactionalIdPrefix())
                .setClientIdPrefix(settings.transactionalIdPrefix())
                .setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "true")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new HistoryReader(kafka, settings.patience().schemaWait(), clock))
                .build();
        DataStream<byte[]> logged = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "topics")
                .uid("history-topics")
                .setParallelism(settings.parallelism());
        logged.filter(packed -> !Logged.isDeadLetter(packed))
                .uid("history-records")
                .name("records")
                .setParallelism(settings.parallelism())
                .sinkTo(files(spec, directory))
                .uid("history-files")
                .name("files")
                .setParallelism(settings.parallelism());
        logged.filter(Logged::isDeadLetter)
                .uid("history-letters")
                .name("letters")
                .setParallelism(settings.parallelism())
                .sinkTo(letters(kafka))
                .uid("history-dead-letters")
                .name("dead-letters")
                .setParallelism(settings.parallelism());
    }

    /** The topics that are read: erasures stand between examples. */
    static List<Topic> topics() {
        return HistoryTable.TOPICS.stream()
                .filter(topic -> topic != Topic.ERASURES)
                .toList();
    }

    private static FileSink<byte[]> files(PipelineSpec spec, URI directory) {
        return FileSink.forBulkFormat(new Path(directory), new ParquetRows.Factory(spec))
                .withBucketAssigner(new DayBuckets())
                .withOutputFileConfig(OutputFileConfig.builder()
                        .withPartPrefix("part")
                        .withPartSuffix(".parquet")
                        .build())
                .build();
    }

    private static KafkaSink<byte[]> letters(KafkaSettings kafka) {
        return KafkaSink.<byte[]>builder()
                .setKafkaProducerConfig(kafka.producer())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new LetterWriter(kafka))
                .build();
    }
}
