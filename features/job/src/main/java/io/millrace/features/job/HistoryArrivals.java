package io.millrace.features.job;

import io.millrace.features.job.backfill.HistorySource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.record.Outcome;
import io.millrace.wire.Codec;
import io.millrace.wire.kafka.DeadLetters;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** What records out of files travel on as: the same as those of topics, but for where they are from. */
final class HistoryArrivals implements HistorySource.Meaning {
    private static final long serialVersionUID = 1L;
    /** Where topics are named, in dead letters. */
    static final String NAME = "history";

    private final PipelineSpec spec;
    private final Clock clock;
    private transient EventArrivals events;
    private transient OutcomeArrivals outcomes;
    private transient Codec<Event> codec;
    private transient Codec<Outcome> outcomeCodec;
    private transient Codec<DeadLetter> letters;

    HistoryArrivals(PipelineSpec spec, Clock clock) {
        this.spec = spec;
        this.clock = clock;
    }

    @Override
    public void open() {
        events = new EventArrivals(spec);
        outcomes = new OutcomeArrivals(spec);
        codec = Codec.of(Event.class);
        outcomeCodec = Codec.of(Outcome.class);
        letters = Codec.of(DeadLetter.class);
    }

    @Override
    public void of(SpecificRecord record, long number, Consumer<byte[]> out) {
        Consumer<Arrival> packed = arrival -> out.accept(arrival.pack());
        if (record instanceof Event event) {
            events.tell(event, Arrival.HISTORY, number, codec, packed);
            return;
        }
        Outcome outcome = (Outcome) record;
        outcomes.tell(outcome, Arrival.HISTORY, number, packed)
                .ifPresent(problem -> packed.accept(deadLetter(outcome, number, problem)));
    }

    private Arrival deadLetter(Outcome outcome, long number, String reason) {
        DeadLetter letter = DeadLetters.letter(
                AggregateJob.COMPONENT, NAME, Arrival.HISTORY, number, outcomeCodec.encode(outcome), reason, clock);
        return new Arrival(Arrival.Kind.DEAD_LETTER, Arrival.HISTORY, number, number, 0, letters.encode(letter));
    }

    @Override
    public byte[] end(long untilMicros) {
        return new Arrival(Arrival.Kind.END_OF_HISTORY, Arrival.HISTORY, 0, 0, untilMicros, new byte[0]).pack();
    }
}
