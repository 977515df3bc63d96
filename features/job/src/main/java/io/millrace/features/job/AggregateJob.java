package io.millrace.features.job;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistorySource;
import io.millrace.features.job.pace.PacedSource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Streaming features: {@code outcomes} and {@code events} in; {@code feature-values} and
 * {@code dead-letters} out.
 *
 * <p>Guarantees: what happened counts once in the state, whatever dies and whoever sends an event again within a day, as long as the job goes on from its last checkpoint.
 * Values are written at least once: after a restart, those since the checkpoint are written again, and a reader that keeps the
 * newest of each entity ends with the same.
 */
public final class AggregateJob {
    /** How the job is called. */
    public static final String NAME = "millrace-features";

    static final String COMPONENT = "features";

    static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    private static final String SOURCE = "outcomes, events";

    private AggregateJob() {}

    /** Whether a pipeline has anything for this job to do. */
    public static boolean isNeeded(PipelineSpec spec) {
        return !spec.aggregates().isEmpty();
    }

    /**
     * Adds the job to an environment that {@link JoinJob#configure} prepared.
     *
     * @param clock stamps dead letters and bounds how far ahead a record may be; must be serialisable
     */
    public static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            PipelineSpec spec,
            JoinJobSettings settings,
            Clock clock) {
        build(environment, kafka, spec, null, () -> {}, settings, clock);
    }

    /**
     * The same of a job that begins with what happened before, from files. It may go on from a checkpoint without being told of them
     * again, and has the operators of one without.
     *
     * @param history null where there is none
     * @param beginning is asked where the job has no checkpoint to go on from
     */
    public static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            PipelineSpec spec,
            @Nullable History history,
            HistorySource.Beginning beginning,
            JoinJobSettings settings,
            Clock clock) {
        build(environment, kafka, spec, history, beginning, settings, clock, null);
    }

    /** @param cacheBytes how much memory decoded entities may take in each task; null for a share of the heap */
    static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            PipelineSpec spec,
            @Nullable History history,
            HistorySource.Beginning beginning,
            JoinJobSettings settings,
            Clock clock,
            @Nullable Long cacheBytes) {
        HistorySource files = new HistorySource(history, beginning, new HistoryArrivals(spec, clock));
        DataStream<byte[]> arrivals = environment
                .fromSource(
                        new PacedSource<>(
                                source(files, topics(kafka, spec, history, settings, clock)),
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                                clock),
                        JoinJob.watermarks(settings),
                        SOURCE,
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("features-source")
                .setParallelism(settings.parallelism())
                .process(new SinceFunction(history), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("features-since")
                .name("since")
                .setParallelism(settings.parallelism());
        DataStream<byte[]> events = only(arrivals, "events", true, settings)
                .keyBy(Arrival::key, Types.LONG)
                .process(new OnceFunction(spec, kafka, clock), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("features-once")
                .name("once")
                .setParallelism(settings.parallelism());
        only(arrivals, "outcomes", false, settings)
                .union(events)
                .keyBy(Arrival::key, Types.LONG)
                .transform(
                        "features",
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                        new EntityOperator(
                                spec,
                                history == null ? EntityOperator.NO_HISTORY : history.untilMillis() - 1,
                                cacheBytes))
                .uid("features")
                .setParallelism(settings.parallelism())
                .sinkTo(sink(kafka))
                .uid("features-sink")
                .name("feature-values, dead-letters")
                .setParallelism(settings.parallelism());
    }

    /**
     * Files first, then both topics: one source, so that what happened for an entity by one of them does not come years before what happened by the
     * other. It is read whatever the spec declares, and it is the same kind of source where there are no files: a job goes on from
     * the checkpoint of one that had the same operators.
     */
    private static HybridSource<byte[]> source(HistorySource files, KafkaSource<byte[]> topics) {
        return HybridSource.builder(files).addSource(topics).build();
    }

    private static KafkaSource<byte[]> topics(
            KafkaSettings kafka, PipelineSpec spec, @Nullable History history, JoinJobSettings settings, Clock clock) {
        JoinJobSettings.Patience patience = patience(settings.patience());
        TopicsReader reader = new TopicsReader(
                kafka,
                List.of(
                        new OutcomeReader(spec, kafka, patience, clock),
                        new EventReader(spec, kafka, patience, clock)));
        return JoinJob.source(kafka, settings, SOURCE, reader.topics(), reader, start(kafka, history));
    }

    private static OffsetsInitializer start(KafkaSettings kafka, @Nullable History history) {
        return history == null ? OffsetsInitializer.earliest() : Handover.start(kafka, history);
    }

    private static DataStream<byte[]> only(
            DataStream<byte[]> arrivals, String name, boolean isEvent, JoinJobSettings settings) {
        return arrivals.filter(packed -> (Arrival.kind(packed) == Arrival.Kind.EVENT) == isEvent)
                .uid("features-only-" + name)
                .name(name)
                .setParallelism(settings.parallelism());
    }

    /** One that is far ahead of the clock would end the windows of its entities for all others. */
    private static JoinJobSettings.Patience patience(JoinJobSettings.Patience given) {
        return new JoinJobSettings.Patience(
                given.outOfOrderness(), given.idleAfter(), given.emptyAfter(), MAX_AHEAD, given.schemaWait());
    }

    private static KafkaSink<byte[]> sink(KafkaSettings kafka) {
        Properties producer = kafka.producer();
        producer.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, JoinJob.BATCH_BYTES);
        return KafkaSink.<byte[]>builder()
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new DepartureWriter(kafka))
                .build();
    }
}
