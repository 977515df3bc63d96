package io.millrace.features.job;

import io.millrace.features.spec.EventSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads events of the kinds that the spec declares, whose key is their id; of others only the time counts. One that is older than
 * its kind may be is a dead letter.
 */
final class EventReader extends ArrivalReader<Event> {
    private static final long serialVersionUID = 1L;

    private final Map<String, EventSpec> kinds;
    private final EventArrivals arrivals;
    private final Clock clock;

    EventReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Event.class, kafka, patience, AggregateJob.COMPONENT, clock);
        this.arrivals = new EventArrivals(spec);
        this.clock = clock;
        this.kinds = new HashMap<>(spec.events());
    }

    @Override
    void arrive(Event event, ConsumerRecord<byte[], byte[]> consumed, Codec<Event> codec, Consumer<Arrival> out) {
        Instant time = Instant.EPOCH.plus(event.getTimeMicros(), ChronoUnit.MICROS);
        Optional<Problem> tooOld =
                Optional.ofNullable(kinds.get(event.getKind())).flatMap(kind -> kind.tooOld(time, clock.instant()));
        if (tooOld.isPresent()) {
            out.accept(deadLetter(consumed, consumed.value(), tooOld.get().toString()));
            return;
        }
        arrivals.tell(event, consumed.partition(), consumed.offset(), codec, out);
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
