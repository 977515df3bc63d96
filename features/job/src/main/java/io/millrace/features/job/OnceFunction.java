package io.millrace.features.job;

import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets each event through once: one whose id was there within {@link #REMEMBERED} of event time, before or after, is the same event
 * sent again. What it lets through goes to each entity that it is for.
 */
final class OnceFunction extends KeyedProcessFunction<Long, byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    /** A sender that tries again does so within hours. */
    static final Duration REMEMBERED = Duration.ofDays(1);

    private final PipelineSpec spec;
    private final KafkaSettings kafka;
    private final Clock clock;
    private transient Codec<Event> events;
    private transient Codec<DeadLetter> letters;
    private transient EventFacts facts;
    private transient Routing routing;
    private transient ValueState<Long> seen;
    private transient Tally repeated;

    OnceFunction(PipelineSpec spec, KafkaSettings kafka, Clock clock) {
        this.spec = spec;
        this.kafka = kafka;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        events = Codec.of(Event.class);
        letters = Codec.of(DeadLetter.class);
        facts = new EventFacts();
        routing = new Routing(spec, Origin.EVENTS);
        seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Types.LONG));
        repeated = new Tally(getRuntimeContext(), "repeated");
    }

    @Override
    public void processElement(byte[] packed, Context context, Collector<byte[]> out) throws IOException {
        Arrival arrival = Arrival.unpack(packed);
        if (arrival.kind() != Arrival.Kind.EVENT) {
            out.collect(packed);
            return;
        }
        if (seen.value() != null) {
            repeated.inc();
            return;
        }
        Event event = events.decode(arrival.value());
        seen.update(event.getTimeMicros());
        long reached = EventTime.reachedMicros(context.timerService().currentWatermark());
        long forgotten = Math.max(reached, event.getTimeMicros()) + TimeUnit.SECONDS.toMicros(REMEMBERED.toSeconds());
        context.timerService().registerEventTimeTimer(EventTime.millis(forgotten));
        routing.route(facts.with(event), arrival.partition(), arrival.offset(), one -> out.collect(one.pack()))
                .ifPresent(problem -> out.collect(deadLetter(arrival, problem.toString())));
    }

    private byte[] deadLetter(Arrival arrival, String reason) {
        DeadLetter letter = DeadLetters.letter(
                AggregateJob.COMPONENT,
                kafka.name(Topic.EVENTS),
                arrival.partition(),
                arrival.offset(),
                arrival.value(),
                reason,
                clock);
        return new Arrival(
                        Arrival.Kind.DEAD_LETTER,
                        arrival.partition(),
                        arrival.offset(),
                        arrival.offset(),
                        0,
                        letters.encode(letter))
                .pack();
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<byte[]> out) {
        seen.clear();
    }
}
