package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.HttpStatus;
import java.util.Arrays;
import java.util.Locale;

/** Why a request was not accepted. */
enum Refusal {
    INVALID(HttpStatus.BAD_REQUEST, "the request is not valid"),
    METHOD(HttpStatus.METHOD_NOT_ALLOWED, "only POST is possible here"),
    SLOW(HttpStatus.REQUEST_TIMEOUT, "the body did not arrive in time"),
    TOO_LARGE(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large; nothing was written"),
    MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the content is of no type that is read here"),
    BUSY(HttpStatus.TOO_MANY_REQUESTS, "too many requests are waiting; nothing was written, try again"),
    UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Kafka did not take all records in time; try again with the same ids, what is repeated counts once"),
    FAULT(HttpStatus.INTERNAL_SERVER_ERROR, "the collector failed");

    /** How long a caller is asked to wait. */
    static final String RETRY_AFTER_SECONDS = "1";

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

    boolean mayRetry() {
        return this == BUSY || this == UNAVAILABLE;
    }

    /** The name in metrics. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
