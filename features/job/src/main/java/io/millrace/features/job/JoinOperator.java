package io.millrace.features.job;

import io.millrace.features.join.DecisionJoin;
import io.millrace.features.join.JoinCount;
import io.millrace.features.join.Place;
import io.millrace.features.join.state.JoinState;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the join's state, tells it the time and packs what it says. States and timers are kept with each checkpoint, and what comes and goes
 * between two is in memory only.
 */
final class JoinOperator extends AbstractStreamOperator<byte[]>
        implements OneInputStreamOperator<byte[], byte[]>, Triggerable<Long, VoidNamespace> {
    private static final long serialVersionUID = 1L;

    private final FeedbackSpec spec;
    private final KafkaSettings kafka;
    private final Clock clock;
    private transient DecisionJoin join;
    private transient Codec<Decision> decisions;
    private transient Codec<Feedback> feedbacks;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient KeyedCache<JoinState> cache;
    private transient PackedOutput packed;

    JoinOperator(FeedbackSpec spec, KafkaSettings kafka, Clock clock) {
        this.spec = spec;
        this.kafka = kafka;
        this.clock = clock;
    }

    @Override
    public void open() throws Exception {
        super.open();
        join = new DecisionJoin(spec);
        decisions = Codec.of(Decision.class);
        feedbacks = Codec.of(Feedback.class);
        timers = getInternalTimerService(KeyedStates.TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        cache = new KeyedCache<>(
                new JoinStore(
                        join,
                        new KeyedStates(
                                this,
                                timers,
                                getRuntimeContext()
                                        .getState(new ValueStateDescriptor<>(
                                                "join", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)))),
                KeyedStates.memory(getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks()));
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("join");
        Map<JoinCount, Counter> counters = new EnumMap<>(JoinCount.class);
        for (JoinCount count : JoinCount.values()) {
            counters.put(count, metrics.counter(count.name().toLowerCase(Locale.ROOT)));
        }
        packed = new PackedOutput(kafka, clock, counters, new LabelDelays(metrics), output);
    }

    @Override
    public void processElement(StreamRecord<byte[]> element) {
        Arrival arrival = Arrival.unpack(element.getValue());
        if (arrival.kind() == Arrival.Kind.DEAD_LETTER) {
            packed.deadLetter(arrival.value());
            return;
        }
        Place place = new Place(arrival.partition(), arrival.offset());
        long reached = EventTime.reachedMicros(timers.currentWatermark());
        KeyedCache.@Nullable Entry<JoinState> known = cache.find(arrival.key());
        KeyedCache.Entry<JoinState> entry = known == null ? cache.begin(arrival.key(), join.begin()) : known;
        boolean isChanged = switch (arrival.kind()) {
            case DECISION -> join.onDecision(entry.state(), decisions.decode(arrival.value()), place, reached, packed);
            case FEEDBACK -> join.onFeedback(entry.state(), feedbacks.decode(arrival.value()), place, reached, packed);
            case TIME, EVENT, HITS, SHOWN, UNNAMED, DEAD_LETTER, END_OF_HISTORY ->
                throw new IllegalStateException(arrival.kind() + " (expected: a decision or feedback)");
        };
        cache.release(entry, isChanged);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        for (KeyedCache.Entry<JoinState> due = cache.poll(mark.getTimestamp());
                due != null;
                due = cache.poll(mark.getTimestamp())) {
            reach(due, mark.getTimestamp());
        }
        super.processWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<Long, VoidNamespace> timer) {
        KeyedCache.@Nullable Entry<JoinState> entry = cache.wake(timer.getKey());
        if (entry != null) {
            reach(entry, timers.currentWatermark());
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Long, VoidNamespace> timer) {
        throw new IllegalStateException("a timer of processing time (expected: of event time)");
    }

    private void reach(KeyedCache.Entry<JoinState> entry, long timeMillis) {
        cache.release(entry, join.onTime(entry.state(), EventTime.reachedMicros(timeMillis), packed));
    }

    /** Before Flink writes timers, which it does before it asks for states where timers are on the heap. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        cache.flush();
    }
}
