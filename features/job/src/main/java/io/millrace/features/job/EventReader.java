package io.millrace.features.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads events of the kinds that the spec declares, whose key is their id; of others only the time counts. One that is older than
 * its kind may be is a dead letter.
 */
final class EventReader extends ArrivalReader<Event> {
    private static final long serialVersionUID = 1L;

    private final Map<String, Duration> oldest = new HashMap<>();
    private final EventArrivals arrivals;
    private final Clock clock;

    EventReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Event.class, kafka, patience, AggregateJob.COMPONENT, clock);
        this.arrivals = new EventArrivals(spec);
        this.clock = clock;
        spec.events().forEach((kind, event) -> oldest.put(kind, event.oldest()));
    }

    @Override
    void arrive(Event event, ConsumerRecord<byte[], byte[]> consumed, Codec<Event> codec, Consumer<Arrival> out) {
        Duration back = oldest.get(event.getKind());
        Instant earliest = back == null ? Instant.MIN : clock.instant().minus(back);
        Instant time = Instant.EPOCH.plus(event.getTimeMicros(), ChronoUnit.MICROS);
        if (time.isBefore(earliest)) {
            String expected = "at least " + earliest + ", as events." + event.getKind() + ".oldest says";
            Problem tooOld = new Problem("Event.timeMicros", time.toString(), expected);
            out.accept(deadLetter(consumed, consumed.value(), tooOld.toString()));
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
