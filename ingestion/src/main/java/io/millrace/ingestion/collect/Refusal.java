package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.HttpStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a request was not accepted. */
enum Refusal {
    INVALID(HttpStatus.BAD_REQUEST, "the request is not valid"),
    METHOD(HttpStatus.METHOD_NOT_ALLOWED, "only POST is possible here"),
    SLOW(HttpStatus.REQUEST_TIMEOUT, "the body did not arrive in time"),
    TOO_LARGE(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large; nothing was written"),
    MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the content is of no type that is read here"),
    BUSY(HttpStatus.TOO_MANY_REQUESTS, "too many requests are waiting; nothing was written, try again"),
    BEHIND(
            HttpStatus.TOO_MANY_REQUESTS,
            "the join is too far behind to promise that this will be read; nothing was written, try again later"),
    UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Kafka did not take all records in time; try again with the same ids, what is repeated counts once"),
    FAULT(HttpStatus.INTERNAL_SERVER_ERROR, "the collector failed");

    private static final String SOON = "1";
    /** A backlog takes longer than a moment. */
    private static final String LATER = "30";

    private final HttpStatus status;
    private final String sentence;

    Refusal(HttpStatus status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    static Refusal of(HttpStatus status) {
        return Arrays.stream(values())
                .filter(refusal -> refusal.status.equals(status))
                .findFirst()
                .orElse(status.isClientError() ? INVALID : FAULT);
    }

    HttpStatus status() {
        return status;
    }

    String sentence() {
        return sentence;
    }

    /** How many seconds a caller who may try again is asked to wait. */
    Optional<String> retryAfter() {
        return switch (this) {
            case BUSY, UNAVAILABLE -> Optional.of(SOON);
            case BEHIND -> Optional.of(LATER);
            case INVALID, METHOD, SLOW, TOO_LARGE, MEDIA_TYPE, FAULT -> Optional.empty();
        };
    }

    /** The name in metrics. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
