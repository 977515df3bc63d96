package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
}
