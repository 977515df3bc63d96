package io.millrace.features.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

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

    private static final Duration MAX_AHEAD = Duration.ofMinutes(10);

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
        JoinJobSettings.Patience patience = patience(settings.patience());
        DataStream<byte[]> outcomes =
                JoinJob.read(environment, kafka, settings, new OutcomeReader(spec, kafka, patience, clock), COMPONENT);
        // Read whatever the spec declares: a job goes on from the checkpoint of one that had the same operators.
        DataStream<byte[]> events = JoinJob.read(
                        environment, kafka, settings, new EventReader(spec, kafka, patience, clock), COMPONENT)
                .keyBy(Arrival::key, Types.LONG)
                .process(new OnceFunction(spec, kafka, clock), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("features-once")
                .name("once")
                .setParallelism(settings.parallelism());
        DataStream<byte[]> happened = outcomes.union(events);
        happened.keyBy(Arrival::key, Types.LONG)
                .process(new EntityFunction(spec), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("features")
                .name("features")
                .setParallelism(settings.parallelism())
                .sinkTo(sink(kafka))
                .uid("features-sink")
                .name("feature-values, dead-letters")
                .setParallelism(settings.parallelism());
    }

    /** One that is far ahead of the clock would end the windows of its entities for all others. */
    private static JoinJobSettings.Patience patience(JoinJobSettings.Patience given) {
        return new JoinJobSettings.Patience(
                given.outOfOrderness(), given.idleAfter(), given.emptyAfter(), MAX_AHEAD, given.schemaWait());
    }

    private static KafkaSink<byte[]> sink(KafkaSettings kafka) {
        return KafkaSink.<byte[]>builder()
                .setKafkaProducerConfig(kafka.producer())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new DepartureWriter(kafka))
                .build();
    }
}
