package io.millrace.ingestion.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingestion.Records;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the field {@code time}: RFC 3339 or microseconds since 1970; the clock's time where it is not given. */
final class EventTime {
    static final String FIELD = "time";

    private static final String EXPECTED =
            "RFC 3339 like 2001-01-01T08:30:00Z, or microseconds since 1970 as an integer";

    private final Clock clock;
    private final Duration maxAhead;

    /** @param maxAhead how far beyond the clock a time may be */
    EventTime(Clock clock, Duration maxAhead) {
        this.clock = clock;
        this.maxAhead = maxAhead;
    }

    long read(Fields fields) {
        Instant now = clock.instant();
        Optional<JsonNode> given = fields.node(FIELD);
        if (given.isEmpty()) {
            return Records.micros(now);
        }
        JsonNode node = given.get();
        OptionalLong micros = parse(node);
        if (micros.isEmpty()) {
            return fields.wrong(FIELD, node, EXPECTED, 0L);
        }
        Instant latest = now.plus(maxAhead);
        if (micros.getAsLong() > Records.micros(latest)) {
            return fields.wrong(FIELD, node, "at most " + maxAhead.toHours() + " h ahead of the clock, " + latest, 0L);
        }
        return micros.getAsLong();
    }

    private static OptionalLong parse(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return OptionalLong.of(node.longValue());
        }
        if (!node.isTextual()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    Records.micros(OffsetDateTime.parse(node.textValue()).toInstant()));
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
