package io.millrace.ingestion.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.millrace.wire.Problem;
import java.util.List;

/** The bodies of all answers. Safe for use by several threads. */
final class Replies {
    private final JsonMapper mapper = new JsonMapper();

    AggregatedHttpResponse accepted(List<String> ids) {
        return reply(ResponseHeaders.builder(HttpStatus.ACCEPTED), new Accepted(ids.size(), ids));
    }

    AggregatedHttpResponse refused(Refusal refusal, String sentence, List<Problem> problems) {
        return reply(headers(refusal), new Refused(sentence, problems));
    }

    AggregatedHttpResponse refused(Refusal refusal, List<Problem> problems) {
        return refused(refusal, refusal.sentence(), problems);
    }

    /** Kafka did not take the records: the caller is told their ids, so that trying again repeats and does not add. */
    AggregatedHttpResponse notTaken(List<String> ids, String reason) {
        Problem problem = new Problem("kafka", reason, "all records acknowledged");
        return reply(headers(Refusal.UNAVAILABLE), new NotTaken(Refusal.UNAVAILABLE.sentence(), List.of(problem), ids));
    }

    private static ResponseHeadersBuilder headers(Refusal refusal) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(refusal.status());
        refusal.retryAfter().ifPresent(seconds -> headers.set(HttpHeaderNames.RETRY_AFTER, seconds));
        if (refusal == Refusal.METHOD) {
            headers.set(HttpHeaderNames.ALLOW, "POST");
        }
        return headers;
    }

    private AggregatedHttpResponse reply(ResponseHeadersBuilder headers, Object body) {
        try {
            return AggregatedHttpResponse.of(
                    headers.contentType(MediaType.JSON_UTF_8).build(), HttpData.wrap(mapper.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Accepted(int accepted, List<String> ids) {}

    private record Refused(String error, List<Problem> problems) {}

    private record NotTaken(String error, List<Problem> problems, List<String> ids) {}
}
