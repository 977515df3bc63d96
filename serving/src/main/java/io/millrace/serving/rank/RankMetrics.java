package io.millrace.serving.rank;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.serving.policy.Arm;
import io.millrace.wire.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What ranking counts. Safe for use by several threads. */
public final class RankMetrics {
    private final Timer latency;
    private final Map<Arm, Counter> decisions = new EnumMap<>(Arm.class);
    private final Counter explored;
    private final Counter retries;
    private final Counter invalid;
    private final Counter unready;
    private final Counter unlogged;
    private final Counter unshownLeftOut;
    private final Map<Topic, Counter> logFailures = new EnumMap<>(Topic.class);

    public RankMetrics(MeterRegistry registry) {
        this.latency = Timer.builder("millrace.rank")
                .description("From a whole request to its answer")
                .publishPercentileHistogram()
                .register(registry);
        for (Arm arm : Arm.values()) {
            decisions.put(
                    arm,
                    Counter.builder("millrace.rank.decisions")
                            .description("Decisions made")
                            .tag("arm", arm.text())
                            .register(registry));
        }
        this.explored = counter(registry, "explored", "Decisions of the learned arm that explored");
        this.retries = counter(registry, "retries", "Requests answered with the first answer to their id");
        this.invalid = counter(registry, "invalid", "Requests refused");
        this.unready = counter(registry, "unready", "Requests not decided, since the model was still being read");
        this.unlogged = counter(registry, "unlogged", "Decisions answered with logged: false, since there was no room");
        this.unshownLeftOut = counter(
                registry,
                "unshown.left_out",
                "Decisions logged without the candidates that were not shown, since they were too large with them");
        for (Topic topic : new Topic[] {Topic.DECISIONS, Topic.NAMES}) {
            logFailures.put(
                    topic,
                    Counter.builder("millrace.rank.log.failures")
                            .description("Records that could not be written")
                            .tag("topic", topic.text())
                            .register(registry));
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace.rank." + name).description(description).register(registry);
    }

    /** A request was answered. */
    public void answered(long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A request was refused. */
    public void refused() {
        invalid.increment();
    }

    /** A request came before the model was ready. */
    public void unready() {
        unready.increment();
    }

    void decided(Arm arm, boolean byExploration) {
        decisions.get(arm).increment();
        if (arm == Arm.LEARNED && byExploration) {
            explored.increment();
        }
    }

    void retried() {
        retries.increment();
    }

    /** A decision was answered as one that is in no log. */
    void unlogged() {
        unlogged.increment();
    }

    /** A decision was too large to be logged with the candidates that were not shown. */
    void unshownLeftOut() {
        unshownLeftOut.increment();
    }

    void logFailed(Topic topic) {
        logFailures.get(topic).increment();
    }
}
