package io.millrace.local.demo;

import io.millrace.local.StartException;
import io.millrace.local.demo.LoopClient.Ranked;
import io.millrace.local.demo.Measured.Quantiles;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import io.millrace.serving.policy.Arm;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Lets an audience ask and react at a steady rate, whatever the answers' latency, with at most {@link Audience#IN_FLIGHT}
 * requests on their way; counts what it earns and measures what it feels.
 *
 * <p>{@link #run} is called once, by one thread; the accessors may be called by any while it runs.
 */
final class DemoDriver {
    private static final int FEEDBACK_IN_FLIGHT = 64;
    private static final int MAX_BATCH = 500;

    private final Audience audience;
    private final LoopClient client;
    private final LogReader log;
    private final FreshnessMeter freshness;
    private final Statistics statistics = new Statistics();
    private final Histogram rankMicros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final Map<String, String> decisionIds = new ConcurrentHashMap<>();
    private final Semaphore feedbackInFlight = new Semaphore(FEEDBACK_IN_FLIGHT);
    private final Phaser underWay = new Phaser(1);
    private final AtomicLong feedback = new AtomicLong();
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong eventTime = new AtomicLong(Long.MIN_VALUE);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long lastDecisionNanos;

    DemoDriver(Audience audience, LoopClient client, LogReader log, FreshnessMeter freshness) {
        this.audience = audience;
        this.client = client;
        this.log = log;
        this.freshness = freshness;
    }

    Statistics statistics() {
        return statistics;
    }

    /** Time from sending a rank request to its answer. */
    Quantiles rankLatency() {
        return Percentiles.millis(rankMicros);
    }

    /** Feedback that was acknowledged, ever. */
    long feedback() {
        return feedback.get();
    }

    /** The newest version that a decision was made with. */
    long version() {
        return version.get();
    }

    /** When the last decision was answered, by {@link System#nanoTime}. */
    long lastDecisionNanos() {
        return lastDecisionNanos;
    }

    /**
     * Makes decisions until there have been that many, those that the log remembers among them.
     *
     * @param rate decisions a second; 0 for as fast as they are answered
     * @throws StartException if there were more already
     */
    void run(long decisions, double rate) throws InterruptedException, StartException {
        Past past = past();
        if (past.decisions.size() > decisions) {
            throw new StartException("--decisions: " + decisions + " (expected: at least " + past.decisions.size()
                    + ", which the directory holds already)");
        }
        long start = System.nanoTime();
        long asked = 0;
        for (long n = 0; n < decisions; n++) {
            while (!audience.ready()) {
                checkFailure();
                LockSupport.parkNanos(100_000);
            }
            Optional<Request> next = audience.next();
            if (next.isEmpty()) {
                break;
            }
            Request request = next.get();
            eventTime.accumulateAndGet(request.timeMicros(), Math::max);
            Logged logged = past.decisions.get(request.number());
            if (logged != null) {
                recall(request, logged);
            } else {
                react(past);
                pace(start, asked++, rate);
                ask(request);
            }
            checkFailure();
        }
        underWay.arriveAndAwaitAdvance();
        react(past);
        underWay.arriveAndAwaitAdvance();
        checkFailure();
    }

    private static void pace(long start, long n, double rate) {
        if (rate <= 0) {
            return;
        }
        long due = start + (long) (n * 1e9 / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void ask(Request request) {
        underWay.register();
        long sent = System.nanoTime();
        client.rank(request)
                .thenAccept(ranked -> answered(request, ranked, sent))
                .whenComplete((done, thrown) -> ended(thrown));
    }

    private void answered(Request request, Ranked ranked, long sent) {
        long now = System.nanoTime();
        lastDecisionNanos = now;
        rankMicros.recordValue(
                Math.min(TimeUnit.NANOSECONDS.toMicros(now - sent), rankMicros.getHighestTrackableValue()));
        decisionIds.put(request.id(), ranked.decisionId());
        Arm arm = Arm.of(ranked.arm());
        if (arm == Arm.LEARNED) {
            version.accumulateAndGet(ranked.version(), Math::max);
            freshness.decided(ranked.version(), now);
        }
        statistics.add(arm, audience.shown(request.number(), ranked.items()));
    }

    private void react(Past past) throws InterruptedException {
        List<Reaction> due = new ArrayList<>(audience.due(eventTime.get()));
        due.removeIf(reaction -> past.feedback.contains(reaction.id()));
        for (int from = 0; from < due.size(); from += MAX_BATCH) {
            List<Reaction> batch = due.subList(from, Math.min(due.size(), from + MAX_BATCH));
            feedbackInFlight.acquire();
            underWay.register();
            client.feedback(batch).whenComplete((done, thrown) -> {
                feedbackInFlight.release();
                if (thrown == null) {
                    acknowledged(batch, System.nanoTime());
                }
                ended(thrown);
            });
        }
    }

    private void acknowledged(List<Reaction> batch, long now) {
        feedback.addAndGet(batch.size());
        for (Reaction reaction : batch) {
            String decision = decisionIds.get(reaction.requestId());
            if (reaction.last() && decision != null) {
                freshness.acknowledged(decision + "/" + reaction.slot(), now);
            }
        }
    }

    private void ended(@Nullable Throwable thrown) {
        if (thrown != null) {
            failure.compareAndSet(null, thrown);
        }
        underWay.arriveAndDeregister();
    }

    private void checkFailure() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("the audience was turned away: " + thrown.getMessage(), thrown);
        }
    }

    private void recall(Request request, Logged logged) {
        decisionIds.put(request.id(), logged.decisionId);
        statistics.add(logged.arm, audience.shown(request.number(), logged.items));
    }

    /** What the log says of an earlier run of this audience on the same directory. */
    private Past past() {
        Map<Long, Logged> decisions = new HashMap<>();
        log.read(Topic.DECISIONS, Decision.class, placed -> {
            Decision decision = placed.value();
            String requestId = decision.getRequestId();
            OptionalLong number = requestId == null ? OptionalLong.empty() : audience.numberOf(requestId);
            number.ifPresent(n -> decisions.putIfAbsent(n, Logged.of(decision)));
        });
        Set<String> reactions = new HashSet<>();
        log.read(
                Topic.FEEDBACK,
                Feedback.class,
                placed -> reactions.add(placed.value().getId()));
        feedback.set(reactions.size());
        return new Past(decisions, reactions);
    }

    private record Past(Map<Long, Logged> decisions, Set<String> feedback) {}

    private record Logged(String decisionId, Arm arm, List<String> items) {
        static Logged of(Decision decision) {
            return new Logged(
                    decision.getId(),
                    Arm.of(decision.getArm()),
                    decision.getSlate().stream().map(Slot::getItem).toList());
        }
    }
}
