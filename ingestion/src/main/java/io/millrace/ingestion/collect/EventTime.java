package io.millrace.ingestion.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingestion.Records;
import io.millrace.ingestion.TimeBounds;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the field {@code time}: RFC 3339 or microseconds since 1970; the clock's time where it is not given. */
final class EventTime {
    static final String FIELD = "time";

    static final String EXPECTED = "RFC 3339 like 2001-01-01T08:30:00Z, or microseconds since 1970 as an integer";

    private final Clock clock;
    private final TimeBounds bounds;

    /** @param maxAhead how far beyond the clock a time may be */
    EventTime(Clock clock, Duration maxAhead) {
        this.clock = clock;
        this.bounds = new TimeBounds(clock, maxAhead, null);
    }

    long read(Fields fields) {
        Optional<JsonNode> given = fields.node(FIELD);
        if (given.isEmpty()) {
            return Records.micros(clock.instant());
        }
        JsonNode node = given.get();
        OptionalLong micros = parse(node);
        if (micros.isEmpty()) {
            return fields.wrong(FIELD, node, EXPECTED, 0L);
        }
        return bounds.expected(micros.getAsLong())
                .map(expected -> fields.wrong(FIELD, node, expected, 0L))
                .orElse(micros.getAsLong());
    }

    private static OptionalLong parse(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return OptionalLong.of(node.longValue());
        }
        return node.isTextual() ? TimeBounds.parse(node.textValue()) : OptionalLong.empty();
    }
}
