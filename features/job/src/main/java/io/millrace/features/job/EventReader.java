package io.millrace.features.job;

import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads events of the kinds that the spec declares, whose key is their id; of others only the time counts. */
final class EventReader extends ArrivalReader<Event> {
    private static final long serialVersionUID = 1L;

    private final Set<String> kinds;

    EventReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Event.class, kafka, patience, AggregateJob.COMPONENT, clock);
        this.kinds = Set.copyOf(spec.events().keySet());
    }

    @Override
    void arrive(Event event, ConsumerRecord<byte[], byte[]> consumed, Codec<Event> codec, Consumer<Arrival> out) {
        if (!kinds.contains(event.getKind())) {
            out.accept(Arrival.time(consumed.partition(), consumed.offset(), event.getTimeMicros()));
            return;
        }
        out.accept(new Arrival(
                Arrival.Kind.EVENT,
                consumed.partition(),
                consumed.offset(),
                new EventFacts().with(event).id(),
                event.getTimeMicros(),
                codec.encode(event)));
    }

    @Override
    long timeMicros(Event event) {
        return event.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.EVENTS;
    }
}
