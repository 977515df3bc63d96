package io.millrace.features.job;

import io.millrace.features.job.pace.PacedSource;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.rocksdb.CompressionType;

/**
 * The decision-feedback join: {@code decisions} and {@code feedback} in; {@code examples}, {@code outcomes} and
 * {@code dead-letters} out, in one Kafka transaction a checkpoint.
 *
 * <p>How far it has read is committed to the group of the transactional ids' prefix with each checkpoint, for whoever wants to
 * know: the collector, operators. The job itself goes on from its checkpoint.
 *
 * <p>Guarantees: every record read is answered exactly once in what read_committed consumers see, whatever dies, as long as the
 * job goes on from its last checkpoint; it reads from the beginning without one. What is written becomes visible when the
 * checkpoint after it completes, within about one and a half intervals; in a backlog, within about a second and a half. Examples of one decision keep their order.
 */
public final class JoinJob {
    static final String COMPONENT = "join";
    /** Event time advances at least this often. */
    private static final Duration TICK = Duration.ofMillis(20);
    /** Who writes tens of thousands of records a second must not wake the sender for every sixty of them. */
    static final String BATCH_BYTES = Integer.toString(128 << 10);

    /** How often results are written for good while nobody who waits for the present could read them: each time costs something. */
    private static final Duration BACKLOG_COMMITS = Duration.ofSeconds(1);

    private JoinJob() {}

    /** Sets what the job relies on: state backend, checkpoints (where, the caller says) and buffers; restarts are the deployment's. */
    public static void configure(StreamExecutionEnvironment environment, JoinJobSettings settings) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        // A checkpoint leaves a small file; most keys are in none of them, which is seen without reading any.
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        configuration.set(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.LZ4_COMPRESSION));
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.commits().checkpointInterval());
        configuration.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG,
                max(settings.commits().checkpointInterval(), BACKLOG_COMMITS));
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, Duration.ofMillis(10));
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        environment.configure(configuration);
        environment.setBufferTimeout(5);
        environment.getConfig().enableObjectReuse();
        environment.getConfig().setAutoWatermarkInterval(TICK.toMillis());
    }

    /**
     * Adds the job to an environment that was {@linkplain #configure configured}.
     *
     * @param clock stamps dead letters and bounds how far ahead a record may be; must be serialisable
     */
    public static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            FeedbackSpec feedback,
            JoinJobSettings settings,
            Clock clock) {
        List<DataStream<byte[]>> arrivals = List.of(
                read(environment, kafka, settings, new DecisionReader(kafka, settings, feedback.match(), clock), clock),
                read(
                        environment,
                        kafka,
                        settings,
                        new FeedbackReader(kafka, settings, feedback.match(), clock),
                        clock));
        matched(arrivals, kafka, feedback, settings, clock)
                .keyBy(Arrival::key, Types.LONG)
                .transform(
                        "join",
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                        new JoinOperator(feedback, kafka, clock))
                .uid("join")
                .setParallelism(settings.parallelism())
                .sinkTo(sink(kafka, settings))
                .uid("join-sink")
                .name("examples, outcomes, dead-letters")
                .setParallelism(settings.parallelism());
    }

    /**
     * All that names a decision, and what names none with the decision that was found for it. The operator is there whatever the spec says:
     * a job goes on from the checkpoint of one that had it, and what waits in it has its end.
     */
    private static DataStream<byte[]> matched(
            List<DataStream<byte[]>> arrivals,
            KafkaSettings kafka,
            FeedbackSpec feedback,
            JoinJobSettings settings,
            Clock clock) {
        DataStream<byte[]> found = only(arrivals, "subject and item", MatchFunction::isFor, settings)
                .keyBy(Arrival::key, Types.LONG)
                .process(
                        new MatchFunction(feedback, settings.patience().live(), kafka, clock),
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("match")
                .name("match")
                .setParallelism(settings.parallelism());
        return only(arrivals, "decision", packed -> !MatchFunction.isFor(packed), settings)
                .union(found);
    }

    /** Those of all that are wanted, each chosen in the task that has read it. */
    private static DataStream<byte[]> only(
            List<DataStream<byte[]>> arrivals, String name, FilterFunction<byte[]> wanted, JoinJobSettings settings) {
        return arrivals.stream()
                .<DataStream<byte[]>>map(
                        stream -> stream.filter(wanted).name(name).setParallelism(settings.parallelism()))
                .reduce((one, other) -> one.union(other))
                .orElseThrow();
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static DataStream<byte[]> read(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            JoinJobSettings settings,
            ArrivalReader<?> reader,
            Clock clock) {
        String topic = reader.topic().text();
        List<String> topics = List.of(kafka.name(reader.topic()));
        KafkaSource<byte[]> source = source(kafka, settings, topic, topics, reader, OffsetsInitializer.earliest());
        return environment
                .fromSource(
                        new PacedSource<>(source, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO, clock),
                        watermarks(settings),
                        topic)
                .uid(COMPONENT + "-" + topic)
                .setParallelism(settings.parallelism());
    }

    /**
     * A job's topics.
     *
     * @param name ends the clients' ids
     * @param start from where, without a checkpoint
     */
    static KafkaSource<byte[]> source(
            KafkaSettings kafka,
            JoinJobSettings settings,
            String name,
            List<String> topics,
            KafkaRecordDeserializationSchema<byte[]> reader,
            OffsetsInitializer start) {
        return KafkaSource.<byte[]>builder()
                .setProperties(kafka.consumer())
                .setTopics(topics)
                .setGroupId(settings.transactionalIdPrefix())
                .setClientIdPrefix(settings.transactionalIdPrefix() + "-" + name)
                .setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "true")
                .setStartingOffsets(start)
                .setDeserializer(reader)
                .build();
    }

    static WatermarkStrategy<byte[]> watermarks(JoinJobSettings settings) {
        Duration outOfOrderness = settings.patience().outOfOrderness();
        Duration idleAfter = settings.patience().idleAfter();
        Duration emptyAfter = settings.patience().emptyAfter();
        return WatermarkStrategy.<byte[]>forGenerator(context ->
                        new SteadyWatermarks(outOfOrderness, idleAfter, emptyAfter, context.getInputActivityClock()))
                .withTimestampAssigner((packed, recorded) -> EventTime.millis(Arrival.timeMicros(packed)));
    }

    private static KafkaSink<byte[]> sink(KafkaSettings kafka, JoinJobSettings settings) {
        Properties producer = kafka.producer();
        producer.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Integer.toString(
                        Math.toIntExact(settings.commits().transactionTimeout().toMillis())));
        producer.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        if (settings.commits().inTransactions()) {
            // Nobody reads a record before its transaction is committed, and a commit flushes.
            producer.putIfAbsent(
                    ProducerConfig.LINGER_MS_CONFIG,
                    Long.toString(settings.commits().checkpointInterval().toMillis()));
        }
        return KafkaSink.<byte[]>builder()
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(
                        settings.commits().inTransactions()
                                ? DeliveryGuarantee.EXACTLY_ONCE
                                : DeliveryGuarantee.AT_LEAST_ONCE)
                .setTransactionalIdPrefix(settings.transactionalIdPrefix())
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .setRecordSerializer(new DepartureWriter(kafka))
                .build();
    }
}
