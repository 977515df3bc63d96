package io.millrace.features.job;

import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import java.io.Serializable;
import java.util.Set;
import java.util.function.Consumer;

/** What events travel on as: those of the kinds that the spec declares under their id, of others only the time. */
final class EventArrivals implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Set<String> kinds;

    EventArrivals(PipelineSpec spec) {
        this.kinds = Set.copyOf(spec.events().keySet());
    }

    void tell(Event event, int partition, long offset, Codec<Event> codec, Consumer<Arrival> out) {
        if (!kinds.contains(event.getKind())) {
            out.accept(Arrival.time(partition, offset, event.getTimeMicros()));
            return;
        }
        out.accept(new Arrival(
                Arrival.Kind.EVENT,
                partition,
                offset,
                new EventFacts().with(event).id(),
                event.getTimeMicros(),
                codec.encode(event)));
    }
}
