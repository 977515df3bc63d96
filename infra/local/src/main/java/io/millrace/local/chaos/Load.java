package io.millrace.local.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.millrace.local.demo.Audience;
import io.millrace.local.demo.Reaction;
import io.millrace.local.demo.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An audience before several serving processes and a collector, as an application with ordinary clients would be: who does not
 * answer in time is passed over for a while, and what was not acknowledged is sent again under the same id until it is.
 *
 * <p>{@link #run} is called once, by one thread; the figures may be read by any.
 */
final class Load implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Load.class);
    private static final long SLOW_MS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(12);
    private static final long AVOIDED_NANOS = 1_000_000_000L;
    private static final long PAUSE_MS = 200;
    private static final long LOOK_MS = 250;

    private final Audience audience;
    private final Journal journal;
    private final ObjectMapper json = new ObjectMapper();
    private final ClientFactory factory =
            ClientFactory.builder().connectTimeout(TIMEOUT).build();
    private final List<Server> serving = new ArrayList<>();
    private final WebClient collector;
    private final ScheduledExecutorService later = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "millrace-load");
        thread.setDaemon(true);
        return thread;
    });
    private final Outbox<Post> outbox = new Outbox<>(this::post, later);
    private final Phaser underWay = new Phaser(1);
    private final AtomicLong turn = new AtomicLong();
    private final AtomicLong decided = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Map<String, String> decisionIds = new ConcurrentHashMap<>();
    private final Availability rank = new Availability();
    private final Availability feedback = new Availability();
    private volatile Histogram latency = histogram();
    private volatile boolean stopped;

    private static final class Server {
        private final WebClient client;
        private volatile long avoidedUntil = System.nanoTime();
        private volatile boolean isReady = true;

        Server(WebClient client) {
            this.client = client;
        }

        boolean isAvoided() {
            return !isReady || avoidedUntil - System.nanoTime() > 0;
        }
    }

    private static final class Post {
        private final String id;
        private final String body;
        private volatile int tries;

        Post(String id, String body) {
            this.id = id;
            this.body = body;
        }
    }

    Load(Audience audience, List<URI> serving, URI collector, Journal journal) {
        this.audience = audience;
        this.journal = journal;
        for (URI uri : serving) {
            this.serving.add(new Server(client(uri, TIMEOUT)));
        }
        this.collector = client(collector, ACK_TIMEOUT);
        later.scheduleWithFixedDelay(this::lookAround, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /** As a load balancer does: nobody is asked who says that they are not ready. */
    private void lookAround() {
        for (Server server : serving) {
            server.client
                    .get("/health/ready")
                    .aggregate()
                    .handle((response, thrown) ->
                            server.isReady = thrown == null && response.status().isSuccess());
        }
    }

    private WebClient client(URI uri, Duration timeout) {
        return WebClient.builder(uri).factory(factory).responseTimeout(timeout).build();
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
    }

    /** Asks and reacts at that rate until {@link #stop}; returns when everything is answered and acknowledged. */
    void run(double rate) throws InterruptedException {
        long start = System.nanoTime();
        for (long n = 0; !stopped; n++) {
            while (!audience.ready() && !stopped) {
                LockSupport.parkNanos(200_000);
            }
            long due = start + (long) (n * 1e9 / rate);
            for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (stopped || !audience.ready()) {
                break;
            }
            Optional<Request> next = audience.next();
            if (next.isEmpty()) {
                break;
            }
            underWay.register();
            ask(next.get(), body(next.get()), System.nanoTime());
            react();
        }
        underWay.arriveAndAwaitAdvance();
        react();
        underWay.arriveAndAwaitAdvance();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("the audience was turned away: " + thrown.getMessage(), thrown);
        }
    }

    void stop() {
        stopped = true;
    }

    private void slow(Request request, long nanos) {
        if (nanos > TimeUnit.MILLISECONDS.toNanos(SLOW_MS)) {
            LOG.info("request {} took {} ms", request.number(), TimeUnit.NANOSECONDS.toMillis(nanos));
        }
    }

    private void ask(Request request, String body, long began) {
        Server server = next();
        server.client
                .prepare()
                .post("/v1/rank")
                .content(MediaType.JSON, body)
                .execute()
                .aggregate()
                .whenComplete((response, thrown) -> {
                    long now = System.nanoTime();
                    boolean given = thrown == null && response.status().isSuccess();
                    if (given) {
                        rank.tried(now, true);
                        latency.recordValue(Math.min(
                                TimeUnit.NANOSECONDS.toMicros(now - began), latency.getHighestTrackableValue()));
                        decided.incrementAndGet();
                        slow(request, now - began);
                        done(() -> shown(request, tree(response)));
                    } else if (isRefused(response)) {
                        done(() -> {
                            throw new IllegalStateException("/v1/rank: " + response.contentUtf8());
                        });
                    } else {
                        server.avoidedUntil = now + AVOIDED_NANOS;
                        boolean nobodyIsLeft = serving.stream().allMatch(Server::isAvoided);
                        if (nobodyIsLeft) {
                            rank.tried(now, false);
                        }
                        again(() -> ask(request, body, began), nobodyIsLeft);
                    }
                });
    }

    /** The next in turn that has answered lately; any, if none has. */
    private Server next() {
        for (int i = 0; i < serving.size(); i++) {
            Server server = serving.get((int) (turn.getAndIncrement() % serving.size()));
            if (!server.isAvoided()) {
                return server;
            }
        }
        return serving.get((int) (turn.get() % serving.size()));
    }

    private void react() {
        for (Reaction reaction : audience.due(Long.MAX_VALUE)) {
            underWay.register();
            outbox.post(new Post(reaction.id(), body(reaction)));
        }
    }

    private CompletionStage<Boolean> post(Post post) {
        post.tries++;
        return collector
                .prepare()
                .post("/v1/feedback")
                .content(MediaType.JSON, post.body)
                .execute()
                .aggregate()
                .handle((response, thrown) -> {
                    boolean given = thrown == null && response.status().isSuccess();
                    feedback.tried(System.nanoTime(), given);
                    if (given) {
                        done(() -> journal.acknowledged(post.id, post.tries));
                    } else if (isRefused(response)) {
                        done(() -> {
                            throw new IllegalStateException("/v1/feedback: " + response.contentUtf8());
                        });
                        return true;
                    }
                    return given;
                });
    }

    private static boolean isRefused(@Nullable AggregatedHttpResponse response) {
        return response != null
                && response.status().isClientError()
                && !response.status().equals(HttpStatus.TOO_MANY_REQUESTS)
                && !response.status().equals(HttpStatus.REQUEST_TIMEOUT);
    }

    private void again(Runnable what, boolean afterPause) {
        later.schedule(what, afterPause ? PAUSE_MS : 0, TimeUnit.MILLISECONDS);
    }

    private void done(Runnable last) {
        try {
            last.run();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            stopped = true;
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    private void shown(Request request, JsonNode answer) {
        decisionIds.put(request.id(), answer.path("decision_id").asText());
        List<String> items = new ArrayList<>();
        answer.path("slate").forEach(slot -> items.add(slot.path("item").asText()));
        audience.shown(request.number(), items);
    }

    private String body(Request request) {
        ObjectNode body = json.createObjectNode();
        body.put("request_id", request.id());
        body.put("subject", request.subject());
        body.put("time", request.timeMicros());
        body.put("slots", request.slots());
        body.set("context", json.valueToTree(request.context()));
        body.set("candidates", json.valueToTree(request.candidates()));
        return text(body);
    }

    private String body(Reaction reaction) {
        ObjectNode body = json.createObjectNode();
        body.put("id", reaction.id());
        // Where a request was decided twice, this says which answer was shown.
        body.put("decision_id", decisionIds.remove(reaction.requestId()));
        body.put("slot", reaction.slot());
        body.put("kind", reaction.kind());
        body.put("value", reaction.value());
        body.put("final", reaction.last());
        body.put("time", reaction.timeMicros());
        return text(body);
    }

    private String text(ObjectNode node) {
        try {
            return json.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode tree(AggregatedHttpResponse response) {
        try {
            return json.readTree(response.contentUtf8());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Time from a request's first try to its answer, microseconds, since the last call. */
    Histogram takeLatency() {
        Histogram taken = latency;
        latency = histogram();
        return taken;
    }

    long decided() {
        return decided.get();
    }

    /** Of decisions, by any serving process: tries in vain count where nobody is left to ask. */
    Availability rank() {
        return rank;
    }

    /** Of acknowledgements. */
    Availability feedback() {
        return feedback;
    }

    @Override
    public void close() {
        later.shutdownNow();
        factory.close();
    }
}
