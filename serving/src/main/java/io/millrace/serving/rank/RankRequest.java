package io.millrace.serving.rank;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rank request whose own fields are right; its features are not checked yet.
 *
 * @param requestId the caller's own id, if there is one
 * @param subject for whom is decided
 * @param timeMicros event time, microseconds since 1970 UTC
 * @param context feature name to value
 * @param slots how many to show
 * @param candidates feature name to value, with the item's id under {@code item}
 */
record RankRequest(
        @Nullable String requestId,
        String subject,
        long timeMicros,
        Map<String, @Nullable Object> context,
        int slots,
        List<Candidate> candidates) {
    /** The most candidates of a request. */
    static final int MAX_CANDIDATES = 1_000;

    /** The longest id of a request, a subject or an item. */
    static final int MAX_ID = 256;

    /** One candidate as it was told. */
    record Candidate(String item, Map<String, @Nullable Object> features) {}
}
