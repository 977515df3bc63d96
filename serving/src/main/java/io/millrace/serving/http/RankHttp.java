package io.millrace.serving.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.serving.model.ModelNotReadyException;
import io.millrace.serving.rank.AnswerWriter;
import io.millrace.serving.rank.InvalidRequestException;
import io.millrace.serving.rank.RankMetrics;
import io.millrace.serving.rank.Ranker;
import io.millrace.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/rank}. Ranking is arithmetic only, so it runs on the event loop. */
public final class RankHttp implements HttpService {
    /** The largest body, in bytes. */
    public static final long MAX_BODY_BYTES = 2L << 20;

    private final Ranker ranker;
    private final RankMetrics metrics;

    public RankHttp(Ranker ranker, RankMetrics metrics) {
        this.ranker = ranker;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        Optional<Problem> unsupported = unsupported(request);
        if (unsupported.isPresent()) {
            Problem problem = unsupported.get();
            return JsonErrors.response(HttpStatus.UNSUPPORTED_MEDIA_TYPE, problem.toString(), List.of(problem));
        }
        return HttpResponse.of(request.aggregate().thenApply(this::answer));
    }

    private HttpResponse answer(AggregatedHttpRequest request) {
        long start = System.nanoTime();
        try {
            byte[] answer = AnswerWriter.write(ranker.rank(request.content().array()));
            metrics.answered(System.nanoTime() - start);
            return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, answer);
        } catch (InvalidRequestException e) {
            metrics.refused();
            return JsonErrors.response(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()), e.problems());
        } catch (ModelNotReadyException e) {
            metrics.unready();
            return JsonErrors.retryLater(ModelNotReadyException.problem());
        }
    }

    private static Optional<Problem> unsupported(HttpRequest request) {
        @Nullable MediaType type = request.contentType();
        String expected = "application/json, in UTF-8";
        if (type == null) {
            return Optional.of(Problem.missing("content-type", expected));
        }
        if (!type.is(MediaType.JSON) || !isUtf8(type)) {
            return Optional.of(new Problem("content-type", type.toString(), expected));
        }
        @Nullable String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
        return encoding == null || encoding.equalsIgnoreCase("identity")
                ? Optional.empty()
                : Optional.of(new Problem("content-encoding", encoding, "none"));
    }

    private static boolean isUtf8(MediaType type) {
        try {
            return type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unknownCharset) {
            return false;
        }
    }
}
