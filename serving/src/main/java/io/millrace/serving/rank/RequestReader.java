package io.millrace.serving.rank;

import io.millrace.features.spec.DecisionSpec;
import io.millrace.serving.rank.RankRequest.Candidate;
import io.millrace.vector.Feature;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import io.millrace.wire.Suggestion;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks the fields of rank requests, all of them, and the names of their features. Immutable. */
final class RequestReader {
    private static final String ITEM = "item";
    private static final List<String> FIELDS =
            List.of("request_id", "subject", "time", "context", "slots", "candidates");
    private static final long AHEAD_MICROS = TimeUnit.DAYS.toMicros(1);
    private static final String ID_EXPECTED = "a string of 1 to " + RankRequest.MAX_ID + " characters";

    private final int defaultSlots;
    private final Set<String> contextNames;
    private final Set<String> candidateNames;

    RequestReader(DecisionSpec spec) {
        this.defaultSlots = spec.slots();
        this.contextNames = names(spec.context());
        this.candidateNames = names(spec.candidate());
        candidateNames.add(ITEM);
    }

    private static Set<String> names(List<Feature> features) {
        return new LinkedHashSet<>(features.stream().map(Feature::name).toList());
    }

    /** The caller's own id, if one is told rightly. */
    static Optional<String> requestId(Map<String, ?> body) {
        return body.get("request_id") instanceof String text && isId(text) ? Optional.of(text) : Optional.empty();
    }

    /**
     * Reads on whatever is wrong; what is wrong is replaced by something harmless and reported.
     *
     * @param nowMicros the server's clock
     */
    RankRequest read(Map<String, @Nullable Object> body, long nowMicros, Problems problems) {
        for (String key : body.keySet()) {
            if (!FIELDS.contains(key)) {
                problems.accept(unknown(key, key, "field", FIELDS));
            }
        }
        Object requestId = body.get("request_id");
        return new RankRequest(
                requestId == null ? null : id(requestId, "request_id", problems),
                id(body.get("subject"), "subject", problems),
                time(body.get("time"), nowMicros, problems),
                context(body.get("context"), problems),
                slots(body.get("slots"), problems),
                candidates(body.get("candidates"), problems));
    }

    private Map<String, @Nullable Object> context(@Nullable Object value, Problems problems) {
        if (value == null) {
            return Map.of();
        }
        Optional<Map<String, @Nullable Object>> context = JsonBody.object(value);
        if (context.isEmpty()) {
            problems.accept(new Problem("context", JsonBody.describe(value), "an object of features"));
            return Map.of();
        }
        reportUnknown(context.get(), "context", contextNames, problems);
        return context.get();
    }

    private List<Candidate> candidates(@Nullable Object value, Problems problems) {
        String expected = "a list of 1 to " + RankRequest.MAX_CANDIDATES + " objects";
        if (value == null) {
            problems.accept(Problem.missing("candidates", expected));
            return List.of();
        }
        if (!(value instanceof Collection<?> list) || list.isEmpty() || list.size() > RankRequest.MAX_CANDIDATES) {
            problems.accept(new Problem("candidates", JsonBody.describe(value), expected));
            return List.of();
        }
        List<Candidate> candidates = new ArrayList<>(list.size());
        Map<String, Integer> seen = new HashMap<>(2 * list.size());
        for (Object element : list) {
            candidates.add(candidate(element, candidates.size(), seen, problems));
        }
        return candidates;
    }

    private Candidate candidate(@Nullable Object value, int number, Map<String, Integer> seen, Problems problems) {
        String place = "candidates[" + number + "]";
        Optional<Map<String, @Nullable Object>> features = JsonBody.object(value);
        if (features.isEmpty()) {
            problems.accept(new Problem(place, JsonBody.describe(value), "an object with an item and its features"));
            return new Candidate("", Map.of());
        }
        String item = id(features.get().get(ITEM), place + "." + ITEM, problems);
        Integer before = item.isEmpty() ? null : seen.putIfAbsent(item, number);
        if (before != null) {
            problems.accept(new Problem(
                    place + "." + ITEM,
                    JsonBody.describe(item) + ", as in candidates[" + before + "]",
                    "an item that no other candidate has"));
        }
        reportUnknown(features.get(), place, candidateNames, problems);
        return new Candidate(item, features.get());
    }

    private static void reportUnknown(Map<String, ?> features, String place, Set<String> known, Problems problems) {
        for (String name : features.keySet()) {
            if (!known.contains(name)) {
                problems.accept(unknown(place + "." + name, name, "feature", known));
            }
        }
    }

    private static Problem unknown(String place, String name, String what, Collection<String> known) {
        String expected = Suggestion.near(name, known)
                .map(near -> near + "? The names are " + String.join(", ", known))
                .orElseGet(() -> Suggestion.oneOf(known));
        return new Problem(place, "unknown " + what, expected);
    }

    private int slots(@Nullable Object value, Problems problems) {
        if (value == null) {
            return defaultSlots;
        }
        if (value instanceof Integer slots && slots >= 1 && slots <= RankRequest.MAX_CANDIDATES) {
            return slots;
        }
        problems.accept(
                new Problem("slots", JsonBody.describe(value), "a whole number, 1 to " + RankRequest.MAX_CANDIDATES));
        return defaultSlots;
    }

    private static String id(@Nullable Object value, String place, Problems problems) {
        if (value == null) {
            problems.accept(Problem.missing(place, ID_EXPECTED));
            return "";
        }
        if (value instanceof String text && isId(text)) {
            return text;
        }
        problems.accept(new Problem(place, JsonBody.describe(value), ID_EXPECTED));
        return "";
    }

    private static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= RankRequest.MAX_ID;
    }

    private static long time(@Nullable Object value, long nowMicros, Problems problems) {
        if (value == null) {
            return nowMicros;
        }
        Optional<Long> micros = micros(value);
        if (micros.isEmpty()) {
            problems.accept(new Problem(
                    "time", JsonBody.describe(value), "RFC 3339 with an offset, or whole microseconds since 1970 UTC"));
            return nowMicros;
        }
        if (micros.get() > nowMicros + AHEAD_MICROS) {
            problems.accept(new Problem("time", JsonBody.describe(value), "at most a day ahead of the server's clock"));
        }
        return micros.get();
    }

    private static Optional<Long> micros(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        if (!(value instanceof String text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ChronoUnit.MICROS.between(
                    Instant.EPOCH, OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
