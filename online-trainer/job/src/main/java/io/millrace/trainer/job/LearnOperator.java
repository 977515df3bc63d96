package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Severity;
import io.millrace.record.ShardBase;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.learn.RecordFeed;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Hosts the shards whose key groups are this task's, keyed by partition of {@code examples}. The clock decides when something
 * is shown, never what is learned.
 */
final class LearnOperator extends AbstractStreamOperator<Published>
        implements OneInputStreamOperator<LogBlock, Published> {
    /** {@link ShardBase} records, single objects, of bases that have been written. */
    static final OutputTag<byte[]> BASES =
            new OutputTag<>("bases", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long serialVersionUID = 1L;
    private static final long METRICS_MILLIS = 1000;
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final LearnJobSettings settings;

    private transient PipelineSpec spec;
    private transient Map<Integer, HostedShard> shards;
    private transient ShardState state;
    private transient SnapshotStore store;
    private transient RecordDecoder decoder;
    private transient RecordFeed feed;
    private transient BaseWriter writer;
    private transient Announcements announcements;
    private transient Codec<ShardBase> bases;
    private transient long metricsMillis;
    private transient Counter consumed;
    private transient Counter rejected;
    /** Shards whose versions are held back; read by the thread that reports metrics. */
    private transient volatile int held;

    LearnOperator(KafkaSettings kafka, LearnJobSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        spec = settings.spec();
        store = SnapshotStore.of(settings.store());
        shards = new TreeMap<>();
        state = new ShardState(context.getKeyedStateStore());
        if (context.isRestored()) {
            for (int shard : savedShards()) {
                setCurrentKey(shard);
                ShardLearner learner = settings.learner(shard);
                HostedShard hosted = new HostedShard(learner, spec.snapshot().guard(), false, now());
                shards.put(shard, hosted);
                if (settings.restoringTooEarly()) {
                    state.restore(hosted, TooEarly.OFFSETS);
                    TooEarly.learnAgain(kafka, learner);
                } else {
                    state.restore(hosted);
                }
            }
        }
    }

    private List<Integer> savedShards() {
        try (Stream<Integer> keys =
                this.<Integer>getKeyedStateBackend().getKeys(ShardState.HEADER, VoidNamespace.INSTANCE)) {
            return keys.sorted().toList();
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        decoder = new RecordDecoder(kafka, SCHEMA_WAIT);
        feed = new RecordFeed(new LogDecoder(decoder), settings.without());
        writer = new BaseWriter(store);
        announcements = new Announcements(spec.pipeline(), kafka.name(Topic.EXAMPLES));
        bases = Codec.of(ShardBase.class);
        metricsMillis = now();
        consumed = getMetricGroup().counter("consumed");
        rejected = getMetricGroup().counter("rejected");
        getMetricGroup().gauge("held", () -> held);
        long every = spec.snapshot().every().toMillis();
        getProcessingTimeService().scheduleWithFixedDelay(time -> tick(), every, every);
    }

    @Override
    public void processElement(StreamRecord<LogBlock> element) throws IOException {
        LogBlock block = element.getValue();
        ShardLearner learner = hosted(block.partition()).learner();
        for (LogRecord record : block) {
            consumed.inc();
            feed.learn(learner, record.offset(), record.bytes(), record.from(), record.length())
                    .ifPresent(reason -> reject(record, reason));
        }
    }

    private void reject(LogRecord record, String reason) {
        rejected.inc();
        emit(announcements.deadLetter(record, reason, now()));
    }

    /** The shard; one that no checkpoint knows starts from a base of its own, if there is one, or from the root. */
    private HostedShard hosted(int shard) throws IOException {
        HostedShard known = shards.get(shard);
        if (known != null) {
            return known;
        }
        ShardLearner learner = settings.learner(shard);
        Optional<ShardBase> start = settings.start(shard);
        boolean isFilled = start.isPresent() || settings.root().isPresent();
        HostedShard fresh = new HostedShard(learner, spec.snapshot().guard(), isFilled, now());
        shards.put(shard, fresh);
        if (start.isPresent()) {
            RootBase.Content own = RootBase.of(start.get()).read(store);
            learner.restore(own.header(), own.blocks());
        } else if (settings.root().isPresent()) {
            settings.root().get().read(store).start(learner);
        }
        return fresh;
    }

    private void tick() throws InterruptedException {
        for (HostedShard shard : shards.values()) {
            if (shard.pace().isDue(now())) {
                cut(shard);
            }
            announceBase(shard);
            announceShowing(shard);
            if (shard.isBaseDue(now(), spec.snapshot().base().toMillis())) {
                writeBase(shard);
            }
        }
        held = Math.toIntExact(shards.values().stream()
                .filter(shard -> shard.showing().isHeld())
                .count());
        if (now() - metricsMillis >= METRICS_MILLIS) {
            metricsMillis = now();
            for (HostedShard shard : shards.values()) {
                Progress window = shard.learner().window();
                if (window.examples() + window.corrections() > 0) {
                    announceProgress(shard);
                }
            }
        }
    }

    private void cut(HostedShard shard) {
        long begin = now();
        shard.showing().cut().ifPresent(delta -> {
            announcements.delta(delta, now()).forEach(this::emit);
            shard.pace().note(begin, now());
        });
    }

    /** A base is of a version that deltas have made. */
    private void writeBase(HostedShard shard) {
        cut(shard);
        if (!shard.showing().isHeld()) {
            shard.write(writer, now());
        }
    }

    private void announceShowing(HostedShard shard) {
        if (!shard.showing().takeChange()) {
            return;
        }
        if (shard.showing().isHeld()) {
            String text = Announcements.held(shard.learner(), shard.showing().reason());
            LOG.error(text);
            emit(announcements.alert(Severity.CRITICAL, text, now()));
        } else {
            String text = Announcements.released(shard.learner());
            LOG.info(text);
            emit(announcements.alert(Severity.INFO, text, now()));
            shard.hastenBase();
        }
        announceProgress(shard);
    }

    private void announceBase(HostedShard shard) throws InterruptedException {
        try {
            shard.written().ifPresent(base -> output.collect(BASES, new StreamRecord<>(bases.encode(base))));
        } catch (ExecutionException e) {
            String text = "base snapshot of shard " + shard.learner().shard() + ": " + e.getCause()
                    + " (expected: written to " + settings.store() + "); the next one is tried in "
                    + spec.snapshot().base();
            LOG.error(text, e);
            emit(announcements.alert(Severity.WARNING, text, now()));
        }
    }

    private void announceProgress(HostedShard shard) {
        emit(announcements.progress(shard.learner(), shard.showing().figures(), now()));
        shard.learner().window().clear();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        shards.values().forEach(this::cut);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        for (HostedShard shard : shards.values()) {
            setCurrentKey(shard.learner().shard());
            state.save(shard);
        }
    }

    @Override
    public void finish() throws Exception {
        shards.values().forEach(this::cut);
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (decoder != null) {
            decoder.close();
        }
        if (writer != null) {
            writer.close();
        }
        if (shards != null) {
            shards.values().forEach(HostedShard::close);
        }
        super.close();
    }

    private void emit(Published published) {
        output.collect(new StreamRecord<>(published));
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }
}
