package io.millrace.features.job;

import io.millrace.features.join.DecisionJoin;
import io.millrace.features.join.JoinCount;
import io.millrace.features.join.Place;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Keeps the join's state, tells it the time and packs what it says. */
final class JoinFunction extends KeyedProcessFunction<Long, byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    private final FeedbackSpec spec;
    private final KafkaSettings kafka;
    private final Clock clock;
    private transient DecisionJoin join;
    private transient Codec<Decision> decisions;
    private transient Codec<Feedback> feedbacks;
    private transient ValueState<byte[]> state;
    private transient PackedOutput output;

    JoinFunction(FeedbackSpec spec, KafkaSettings kafka, Clock clock) {
        this.spec = spec;
        this.kafka = kafka;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        join = new DecisionJoin(spec);
        decisions = Codec.of(Decision.class);
        feedbacks = Codec.of(Feedback.class);
        state = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("join", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("join");
        Map<JoinCount, Counter> counters = new EnumMap<>(JoinCount.class);
        for (JoinCount count : JoinCount.values()) {
            counters.put(count, metrics.counter(count.name().toLowerCase(Locale.ROOT)));
        }
        output = new PackedOutput(kafka, clock, counters, new LabelDelays(metrics));
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) throws IOException {
        Arrival arrival = Arrival.unpack(packed);
        TimerService timers = context.timerService();
        output.to(out, timers);
        Place place = new Place(arrival.partition(), arrival.offset());
        long reached = EventTime.reachedMicros(timers.currentWatermark());
        switch (arrival.kind()) {
            case DECISION -> {
                byte[] before = state.value();
                Decision decision = decisions.decode(arrival.value());
                keep(before, join.onDecision(before, decision, place, reached, output));
            }
            case FEEDBACK -> {
                byte[] before = state.value();
                keep(before, join.onFeedback(before, feedbacks.decode(arrival.value()), place, reached, output));
            }
            case TIME, EVENT, HITS, SHOWN, UNNAMED ->
                throw new IllegalStateException(arrival.kind() + " (expected: a decision or feedback)");
            case DEAD_LETTER -> output.deadLetter(arrival.value());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<byte[]> out) throws IOException {
        output.to(out, context.timerService());
        byte[] before = state.value();
        keep(before, join.onTime(before, EventTime.reachedMicros(timestamp), output));
    }

    private void keep(byte @Nullable [] before, byte @Nullable [] after) throws IOException {
        if (after == null) {
            state.clear();
        } else if (after != before) {
            state.update(after);
        }
    }
}
