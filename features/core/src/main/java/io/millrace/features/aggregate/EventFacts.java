package io.millrace.features.aggregate;

import io.millrace.features.encode.FeatureHash;
import io.millrace.record.Event;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event, as aggregates see it. */
public final class EventFacts implements Facts {
    private static final long[] NONE = {};
    private static final FeatureHash ID = FeatureHash.of("event");

    private final Map<String, FeatureHash> hashes = new HashMap<>();
    private @Nullable Event event;

    /** Sees another event from now on. */
    public EventFacts with(Event another) {
        event = another;
        return this;
    }

    @Override
    public boolean is(String kind) {
        return event.getKind().equals(kind);
    }

    @Override
    public long timeMicros() {
        return event.getTimeMicros();
    }

    /** A hash of its id, which no other of its kind has. */
    public long id() {
        return ID.hash(event.getKind() + "/" + event.getId());
    }

    @Override
    public long id(String kind) {
        return id();
    }

    @Override
    public double number(String field) {
        return event.getValues().get(field) instanceof Double number ? number : Double.NaN;
    }

    @Override
    public long[] categories(String field) {
        @Nullable Object value = event.getEntities().get(field);
        if (value == null) {
            value = event.getValues().get(field);
        }
        if (value == null) {
            return NONE;
        }
        if (value instanceof Double number) {
            return whole(field, number);
        }
        FeatureHash hash = hash(field);
        return value instanceof Collection<?> elements
                ? elements.stream()
                        .mapToLong(element -> hash.hash(element.toString()))
                        .distinct()
                        .toArray()
                : new long[] {hash.hash(value.toString())};
    }

    /** A whole number is a category, too, as in a request. */
    private long[] whole(String field, double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? new long[] {hash(field).hash(Long.toString((long) number))}
                : NONE;
    }

    private FeatureHash hash(String field) {
        return hashes.computeIfAbsent(field, FeatureHash::of);
    }
}
