package io.millrace.features.job;

import io.millrace.features.join.JoinCount;
import io.millrace.features.join.JoinOutput;
import io.millrace.features.join.Place;
import io.millrace.record.DeadLetter;
import io.millrace.record.Example;
import io.millrace.record.Outcome;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/** Packs what the join says into {@link Departure}s. */
final class PackedOutput implements JoinOutput {
    private final KafkaSettings kafka;
    private final Clock clock;
    private final Map<JoinCount, Counter> counters;
    private final LabelDelays delays;
    private final Codec<Example> examples = Codec.of(Example.class);
    private final Codec<Outcome> outcomes = Codec.of(Outcome.class);
    private final Codec<DeadLetter> letters = Codec.of(DeadLetter.class);
    private Collector<byte[]> out;
    private TimerService timers;

    PackedOutput(KafkaSettings kafka, Clock clock, Map<JoinCount, Counter> counters, LabelDelays delays) {
        this.kafka = kafka;
        this.clock = clock;
        this.counters = counters;
        this.delays = delays;
    }

    /** Where everything goes until the next call. */
    void to(Collector<byte[]> collector, TimerService timerService) {
        out = collector;
        timers = timerService;
    }

    @Override
    public void example(Example example) {
        delays.add(example);
        out.collect(new Departure(Topic.EXAMPLES, example.getDecisionId(), examples.encode(example)).pack());
    }

    @Override
    public void outcome(Outcome outcome) {
        out.collect(new Departure(Topic.OUTCOMES, outcome.getDecisionId(), outcomes.encode(outcome)).pack());
    }

    @Override
    public void deadLetter(Topic source, Place place, byte[] bytes, String reason) {
        DeadLetter letter = DeadLetters.letter(
                JoinJob.COMPONENT, kafka.name(source), place.partition(), place.offset(), bytes, reason, clock);
        deadLetter(letters.encode(letter));
    }

    /** A dead letter that was written before it came here. */
    void deadLetter(byte[] letter) {
        out.collect(new Departure(Topic.DEAD_LETTERS, JoinJob.COMPONENT, letter).pack());
    }

    @Override
    public void wakeAt(long timeMicros) {
        timers.registerEventTimeTimer(EventTime.millis(timeMicros));
    }

    @Override
    public void count(JoinCount what) {
        counters.get(what).inc();
    }
}
