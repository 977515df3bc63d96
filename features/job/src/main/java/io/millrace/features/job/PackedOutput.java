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
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Packs what the join says into {@link Departure}s. */
final class PackedOutput implements JoinOutput {
    private final KafkaSettings kafka;
    private final Clock clock;
    private final Map<JoinCount, Counter> counters;
    private final LabelDelays delays;
    private final Codec<Example> examples = Codec.of(Example.class);
    private final Codec<Outcome> outcomes = Codec.of(Outcome.class);
    private final Codec<DeadLetter> letters = Codec.of(DeadLetter.class);
    private final Output<StreamRecord<byte[]>> out;

    PackedOutput(
            KafkaSettings kafka,
            Clock clock,
            Map<JoinCount, Counter> counters,
            LabelDelays delays,
            Output<StreamRecord<byte[]>> out) {
        this.kafka = kafka;
        this.clock = clock;
        this.counters = counters;
        this.delays = delays;
        this.out = out;
    }

    @Override
    public void example(Example example) {
        delays.add(example);
        write(new Departure(Topic.EXAMPLES, example.getDecisionId(), examples.encode(example)));
    }

    @Override
    public void outcome(Outcome outcome) {
        write(new Departure(Topic.OUTCOMES, outcome.getDecisionId(), outcomes.encode(outcome)));
    }

    @Override
    public void deadLetter(Topic source, Place place, byte[] bytes, String reason) {
        DeadLetter letter = DeadLetters.letter(
                JoinJob.COMPONENT, kafka.name(source), place.partition(), place.offset(), bytes, reason, clock);
        deadLetter(letters.encode(letter));
    }

    /** A dead letter that was written before it came here. */
    void deadLetter(byte[] letter) {
        write(new Departure(Topic.DEAD_LETTERS, JoinJob.COMPONENT, letter));
    }

    private void write(Departure departure) {
        out.collect(new StreamRecord<>(departure.pack()));
    }

    @Override
    public void count(JoinCount what) {
        counters.get(what).inc();
    }
}
