package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.ingestion.Records;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way in: checks a request as a whole, sends its records, answers when Kafka has them all. */
final class CollectService implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(CollectService.class);

    /** The producer, which may wait for a leader and then for an acknowledgement, gives up first and says why. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Intake intake;
    private final Supplier<Optional<Problem>> gate;
    private final Acknowledger acknowledger;
    private final Admission admission;
    private final CollectorLimits limits;
    private final CollectorMetrics metrics;
    private final Replies replies;
    private final Executor executor;
    private final BodyReader bodies = new BodyReader();
    private final AtomicBoolean isFailing = new AtomicBoolean();

    /** @param gate why nothing is taken now, if so */
    CollectService(
            Intake intake,
            Supplier<Optional<Problem>> gate,
            Acknowledger acknowledger,
            Admission admission,
            CollectorLimits limits,
            CollectorMetrics metrics,
            Replies replies,
            Executor executor) {
        this.intake = intake;
        this.gate = gate;
        this.acknowledger = acknowledger;
        this.admission = admission;
        this.limits = limits;
        this.metrics = metrics;
        this.replies = replies;
        this.executor = executor;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        if (request.method() != HttpMethod.POST) {
            return refuse(Refusal.METHOD, new Problem("method", request.method().name(), "POST"))
                    .toHttpResponse();
        }
        Optional<BodyFormat> format = BodyFormat.of(request.contentType());
        if (format.isEmpty()) {
            String given = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "missing");
            return refuse(Refusal.MEDIA_TYPE, new Problem("content-type", given, BodyFormat.EXPECTED))
                    .toHttpResponse();
        }
        String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equals("identity")) {
            return refuse(Refusal.MEDIA_TYPE, new Problem("content-encoding", encoding, "none"))
                    .toHttpResponse();
        }
        Optional<Problem> shut = gate.get();
        if (shut.isPresent()) {
            return refuse(Refusal.BEHIND, shut.get()).toHttpResponse();
        }
        long announced = request.headers().contentLength();
        Optional<Admission.Ticket> ticket =
                admission.admit(announced < 0 ? limits.maxBodyBytes() : Math.min(announced, limits.maxBodyBytes()));
        if (ticket.isEmpty()) {
            return refuse(Refusal.BUSY).toHttpResponse();
        }
        return HttpResponse.of(answer(ctx, request, format.get(), ticket.get()));
    }

    private CompletableFuture<HttpResponse> answer(
            ServiceRequestContext ctx, HttpRequest request, BodyFormat format, Admission.Ticket ticket) {
        return request.aggregate()
                .thenApply(whole -> {
                    giveKafkaItsTime(ctx);
                    return whole;
                })
                .thenComposeAsync(whole -> collect(ctx, whole, format, ticket), executor)
                .whenComplete((response, failure) -> ticket.giveBack())
                .thenApply(AggregatedHttpResponse::toHttpResponse);
    }

    private void giveKafkaItsTime(ServiceRequestContext ctx) {
        ctx.setAttr(CollectErrors.HAS_BODY, true);
        ctx.setRequestTimeout(
                TimeoutMode.SET_FROM_NOW, limits.ackTimeout().multipliedBy(2).plus(SLACK));
    }

    private CompletableFuture<AggregatedHttpResponse> collect(
            ServiceRequestContext ctx, AggregatedHttpRequest request, BodyFormat format, Admission.Ticket ticket) {
        if (ctx.isCancelled()) {
            return CompletableFuture.completedFuture(refuse(Refusal.UNAVAILABLE));
        }
        byte[] body = request.content().array();
        ticket.shrinkTo(body.length);
        Problems problems = new Problems();
        List<Outgoing> records = new ArrayList<>();
        bodies.read(body, format, problems, fields -> {
            Outgoing record = intake.read(fields);
            checkSize(record, fields);
            if (problems.isEmpty()) {
                records.add(record);
            }
        });
        if (!problems.isEmpty()) {
            metrics.rejected(Refusal.INVALID);
            return CompletableFuture.completedFuture(
                    replies.refused(Refusal.INVALID, sentence(problems), problems.list()));
        }
        return send(records);
    }

    private CompletableFuture<AggregatedHttpResponse> send(List<Outgoing> records) {
        List<String> ids = records.stream().map(Outgoing::id).toList();
        long start = System.nanoTime();
        return acknowledger.send(records).handle((nothing, failure) -> {
            if (failure != null) {
                return notTaken(ids, failure);
            }
            metrics.accepted(ids.size(), Duration.ofNanos(System.nanoTime() - start));
            if (isFailing.compareAndSet(true, false)) {
                LOG.info("{}: Kafka takes records again", intake.topic().text());
            }
            return replies.accepted(ids);
        });
    }

    private AggregatedHttpResponse notTaken(List<String> ids, Throwable failure) {
        if (failure instanceof RecordTooLargeException) {
            return refuse(Refusal.TOO_LARGE, new Problem("record", failure.getMessage(), "what the broker takes"));
        }
        metrics.rejected(Refusal.UNAVAILABLE);
        if (isFailing.compareAndSet(false, true)) {
            LOG.warn("{}: Kafka does not take records: {}", intake.topic().text(), failure.toString());
        }
        return replies.notTaken(ids, String.valueOf(failure.getMessage()));
    }

    private AggregatedHttpResponse refuse(Refusal refusal, Problem... problems) {
        metrics.rejected(refusal);
        return replies.refused(refusal, List.of(problems));
    }

    private static String sentence(Problems problems) {
        String count = problems.isFull()
                ? Problems.LIMIT + " problems or more"
                : problems.count() == 1 ? "1 problem" : problems.count() + " problems";
        return count + " in the request; nothing was written";
    }

    private static void checkSize(Outgoing record, Fields fields) {
        Records.sizeProblem("record", record.message().key(), record.message().value())
                .ifPresent(problem -> fields.report(problem.name(), problem.value(), problem.expected()));
    }
}
