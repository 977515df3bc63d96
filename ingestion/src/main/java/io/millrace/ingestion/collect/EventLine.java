package io.millrace.ingestion.collect;

import io.millrace.ingestion.TimeBounds;
import io.millrace.record.Event;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An event as a line of JSON that somebody kept, as {@code POST /v1/events} takes it, but for its time, which it must have. */
public final class EventLine {
    private final BodyReader reader = new BodyReader();
    private final EventTime time;

    /** @param clock how far beyond it a time may be is the same as for the collector */
    public EventLine(Clock clock) {
        this.time = new EventTime(clock, TimeBounds.AHEAD);
    }

    /**
     * Reads a line.
     *
     * @param idOtherwise the id of an event that has none
     * @param problems is told all that is wrong with it
     * @return nothing where anything is
     */
    public Optional<Event> read(String line, String idOtherwise, Problems problems) {
        List<Event> events = new ArrayList<>(1);
        reader.read(line.getBytes(StandardCharsets.UTF_8), BodyFormat.JSON, problems, fields -> {
            if (fields.node(EventTime.FIELD).isEmpty()) {
                problems.accept(Problem.missing(EventTime.FIELD, EventTime.EXPECTED));
            }
            events.add(EventIntake.event(fields, time, () -> idOtherwise));
        });
        if (events.size() > 1) {
            problems.accept(new Problem("line", events.size() + " events", "one"));
        }
        return problems.isEmpty() ? Optional.of(events.get(0)) : Optional.empty();
    }
}
