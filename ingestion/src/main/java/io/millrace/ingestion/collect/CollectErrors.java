package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceErrorHandler;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.wire.Problem;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives what the server itself refuses (a body over the limit, a slow one) the same form as all other errors. Answers every
 * exception: what Armeria chains behind a route's handler does not render statuses.
 */
final class CollectErrors implements ServiceErrorHandler {
    /** Set once the whole body is there: from then on it is not the caller who is slow. */
    static final AttributeKey<Boolean> HAS_BODY = AttributeKey.valueOf(CollectErrors.class, "HAS_BODY");

    private final Replies replies;
    private final CollectorMetrics metrics;
    private final CollectorLimits limits;

    CollectErrors(Replies replies, CollectorMetrics metrics, CollectorLimits limits) {
        this.replies = replies;
        this.metrics = metrics;
        this.limits = limits;
    }

    @Override
    public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable wrapped) {
        Throwable cause = Exceptions.peel(wrapped);
        if (cause instanceof RequestCancellationException) {
            return HttpResponse.ofFailure(cause);
        }
        Refusal refusal = refusal(ctx, cause);
        metrics.rejected(refusal);
        return reply(refusal, ctx.request().headers()).toHttpResponse();
    }

    private static Refusal refusal(ServiceRequestContext ctx, Throwable cause) {
        if (cause instanceof HttpStatusException status) {
            return Refusal.of(status.httpStatus());
        }
        if (cause instanceof ContentTooLargeException) {
            return Refusal.TOO_LARGE;
        }
        if (cause instanceof RequestTimeoutException) {
            return ctx.hasAttr(HAS_BODY) ? Refusal.UNAVAILABLE : Refusal.SLOW;
        }
        if (cause instanceof RejectedExecutionException || cause instanceof ShuttingDownException) {
            return Refusal.UNAVAILABLE;
        }
        return Refusal.FAULT;
    }

    private AggregatedHttpResponse reply(Refusal refusal, RequestHeaders headers) {
        if (refusal != Refusal.TOO_LARGE) {
            return replies.refused(refusal, List.of());
        }
        long announced = headers.contentLength();
        String size = announced < 0 ? "more than " + limits.maxBodyBytes() : Long.toString(announced);
        return replies.refused(
                refusal, List.of(new Problem("body", size + " bytes", "at most " + limits.maxBodyBytes() + " bytes")));
    }
}
