package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServiceErrorHandler;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.wire.Problem;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Gives what the server itself refuses (a body over the limit, a slow one) the same form as all other errors. */
final class CollectErrors implements ServiceErrorHandler {
    private final Replies replies;
    private final CollectorMetrics metrics;
    private final CollectorLimits limits;

    CollectErrors(Replies replies, CollectorMetrics metrics, CollectorLimits limits) {
        this.replies = replies;
        this.metrics = metrics;
        this.limits = limits;
    }

    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
        if (Exceptions.peel(cause) instanceof RejectedExecutionException) {
            metrics.rejected(Refusal.UNAVAILABLE);
            Problem problem = new Problem("collector", "shutting down", "running");
            return replies.refused(Refusal.UNAVAILABLE, List.of(problem)).toHttpResponse();
        }
        return null;
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            ServiceRequestContext ctx,
            RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        Refusal refusal = Refusal.of(status);
        metrics.rejected(refusal);
        if (refusal != Refusal.TOO_LARGE) {
            return replies.refused(refusal, List.of());
        }
        long announced = headers.contentLength();
        String size = announced < 0 ? "more than " + limits.maxBodyBytes() : Long.toString(announced);
        return replies.refused(
                refusal, List.of(new Problem("body", size + " bytes", "at most " + limits.maxBodyBytes() + " bytes")));
    }
}
