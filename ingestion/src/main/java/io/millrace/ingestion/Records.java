package io.millrace.ingestion;

import io.millrace.record.Feedback;
import io.millrace.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What every way in agrees on about a record, so that it does not matter which way an event came. */
public final class Records {
    /** The largest encoded record that is written: below the limit of a Kafka client's default request of 1 MiB. */
    public static final int MAX_BYTES = 1_000_000;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Records() {}

    /**
     * The key of an event: the id of its first entity, or its kind where it has none, so that what happened to one entity
     * stays in order.
     *
     * @param entities in the order in which they were given
     */
    public static byte[] eventKey(Map<String, String> entities, String kind) {
        String key = entities.isEmpty() ? kind : entities.values().iterator().next();
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** The key of feedback: the decision that it names, by our id or the caller's, or else the subject. */
    public static byte[] feedbackKey(Feedback feedback) {
        return Stream.of(feedback.getDecisionId(), feedback.getRequestId(), feedback.getSubject())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What is wrong with a record that is too large to be written. */
    public static Optional<Problem> sizeProblem(String name, byte[] key, byte[] value) {
        int size = key.length + value.length;
        return size <= MAX_BYTES
                ? Optional.empty()
                : Optional.of(new Problem(name, size + " bytes", "at most " + MAX_BYTES + " bytes when encoded"));
    }

    /**
     * Microseconds since 1970 UTC, rounded down.
     *
     * @throws ArithmeticException beyond 290,000 years from 1970
     */
    public static long micros(Instant time) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), MICROS_PER_SECOND), time.getNano() / NANOS_PER_MICRO);
    }
}
