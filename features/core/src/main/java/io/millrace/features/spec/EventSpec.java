package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of event.
 *
 * @param entities who and what takes part in one
 * @param values what is measured of it
 * @param oldest how far back the time of one may be
 */
public record EventSpec(String kind, List<String> entities, Map<String, FeatureKind> values, Duration oldest)
        implements Serializable {
    public EventSpec {
        entities = List.copyOf(entities);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Why an event of that time is older than one may be; empty where it is not. */
    public Optional<Problem> tooOld(Instant time, Instant now) {
        Instant earliest = now.minus(oldest);
        if (!time.isBefore(earliest)) {
            return Optional.empty();
        }
        String expected = "at least " + earliest + ", as events." + kind + ".oldest says";
        return Optional.of(new Problem("Event.timeMicros", time.toString(), expected));
    }
}
