package io.millrace.features.job;

import io.millrace.features.join.Place;
import io.millrace.features.join.match.MatchCount;
import io.millrace.features.join.match.MatchOutput;
import io.millrace.features.join.match.SubjectMatch;
import io.millrace.features.join.state.ShownItem;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

/** Keeps the match's state, tells it the time, and sends what it finds on to the join. */
final class MatchFunction extends KeyedProcessFunction<Long, byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    private final FeedbackSpec spec;
    private final Duration patience;
    private final KafkaSettings kafka;
    private final Clock clock;
    private transient SubjectMatch match;
    private transient Codec<ShownItem> shown;
    private transient Codec<Feedback> feedbacks;
    private transient ValueState<byte[]> state;
    private transient Output output;

    MatchFunction(FeedbackSpec spec, Duration patience, KafkaSettings kafka, Clock clock) {
        this.spec = spec;
        this.patience = patience;
        this.kafka = kafka;
        this.clock = clock;
    }

    /** Whether it is what was shown to whom, or feedback about that. */
    static boolean isFor(byte[] packed) {
        Arrival.Kind kind = Arrival.kind(packed);
        return kind == Arrival.Kind.SHOWN || kind == Arrival.Kind.UNNAMED;
    }

    @Override
    public void open(OpenContext context) {
        match = new SubjectMatch(spec, patience);
        shown = Codec.of(ShownItem.class);
        feedbacks = Codec.of(Feedback.class);
        state = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("match", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("match");
        Map<MatchCount, Counter> counters = new EnumMap<>(MatchCount.class);
        for (MatchCount count : MatchCount.values()) {
            counters.put(count, metrics.counter(count.name().toLowerCase(Locale.ROOT)));
        }
        output = new Output(counters);
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) throws IOException {
        Arrival arrival = Arrival.unpack(packed);
        TimerService timers = context.timerService();
        output.to(out, timers);
        long reached = EventTime.reachedMicros(timers.currentWatermark());
        byte[] before = state.value();
        keep(
                before,
                arrival.kind() == Arrival.Kind.SHOWN
                        ? match.onShown(before, shown.decode(arrival.value()), reached, output)
                        : match.onFeedback(
                                before,
                                feedbacks.decode(arrival.value()),
                                new Place(arrival.partition(), arrival.offset()),
                                reached,
                                output));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<byte[]> out) throws IOException {
        output.to(out, context.timerService());
        byte[] before = state.value();
        keep(before, match.onTime(before, EventTime.reachedMicros(timestamp), output));
    }

    private void keep(byte @Nullable [] before, byte @Nullable [] after) throws IOException {
        if (after == null) {
            state.clear();
        } else if (after != before) {
            state.update(after);
        }
    }

    /** Packs what the match says into {@link Arrival}s. */
    private final class Output implements MatchOutput {
        private final Map<MatchCount, Counter> counters;
        private final Codec<DeadLetter> letters = Codec.of(DeadLetter.class);
        private @Nullable Collector<byte[]> out;
        private @Nullable TimerService timers;

        Output(Map<MatchCount, Counter> counters) {
            this.counters = counters;
        }

        /** Where everything goes until the next call. */
        void to(Collector<byte[]> collector, TimerService timerService) {
            out = collector;
            timers = timerService;
        }

        @Override
        public void matched(Feedback feedback, Place place) {
            send(new Arrival(
                    Arrival.Kind.FEEDBACK,
                    place.partition(),
                    place.offset(),
                    DecisionIds.joinKey(feedback.getDecisionId()),
                    feedback.getTimeMicros(),
                    feedbacks.encode(feedback)));
        }

        @Override
        public void deadLetter(Place place, byte[] bytes, String reason) {
            DeadLetter letter = DeadLetters.letter(
                    JoinJob.COMPONENT,
                    kafka.name(Topic.FEEDBACK),
                    place.partition(),
                    place.offset(),
                    bytes,
                    reason,
                    clock);
            send(new Arrival(
                    Arrival.Kind.DEAD_LETTER,
                    place.partition(),
                    place.offset(),
                    place.offset(),
                    0,
                    letters.encode(letter)));
        }

        private void send(Arrival arrival) {
            Objects.requireNonNull(out).collect(arrival.pack());
        }

        @Override
        public void wakeAt(long timeMicros) {
            Objects.requireNonNull(timers).registerEventTimeTimer(EventTime.millis(timeMicros));
        }

        @Override
        public void count(MatchCount what) {
            Objects.requireNonNull(counters.get(what)).inc();
        }
    }
}
