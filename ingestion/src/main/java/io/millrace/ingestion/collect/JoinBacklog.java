package io.millrace.ingestion.collect;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds how far the join has read, which it commits with its checkpoints, and refuses feedback beyond a
 * {@link BacklogLimit}. A join that never committed anything has read nothing. What was seen last holds while Kafka cannot be
 * asked; where the principal may not ask, that is told once, and nothing is refused.
 *
 * <p>A thread of its own looks; safe for use by several threads.
 */
final class JoinBacklog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JoinBacklog.class);
    private static final List<Topic> INPUTS = List.of(Topic.DECISIONS, Topic.FEEDBACK);
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final Clock clock;
    private final BacklogLimit limit;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "millrace-join-backlog");
        created.setDaemon(true);
        return created;
    });
    private volatile List<Lag> lags = List.of();
    private volatile @Nullable Problem refusal;
    private volatile @Nullable BacklogProbe probe;
    private boolean isFailing;

    private JoinBacklog(KafkaSettings kafka, Clock clock, BacklogLimit limit) {
        this.kafka = kafka;
        this.clock = clock;
        this.limit = limit;
    }

    static JoinBacklog start(KafkaSettings kafka, Clock clock, BacklogLimit limit, MeterRegistry registry) {
        JoinBacklog backlog = new JoinBacklog(kafka, clock, limit);
        backlog.gauge(
                registry,
                "millrace.join.backlog.seconds",
                "Age of the oldest record that the join has not read",
                lag -> lag.age().toMillis() / 1e3);
        backlog.gauge(registry, "millrace.join.backlog.records", "Offsets that the join has not read", Lag::unread);
        backlog.thread.scheduleWithFixedDelay(backlog::look, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        return backlog;
    }

    /** The most of any partition; not a number where it is not known. */
    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<Lag> value) {
        for (Topic topic : INPUTS) {
            String topicName = kafka.name(topic);
            Gauge.builder(
                            name,
                            this,
                            backlog -> backlog.lags.stream()
                                    .filter(lag -> lag.topic().equals(topicName))
                                    .mapToDouble(value)
                                    .max()
                                    .orElse(Double.NaN))
                    .description(description)
                    .tag("topic", topic.text())
                    .register(registry);
        }
    }

    /** Why feedback is refused now; nothing where it is taken. */
    Optional<Problem> refusal() {
        return Optional.ofNullable(refusal);
    }

    private void look() {
        try {
            BacklogProbe looking = probe == null ? new BacklogProbe(kafka, INPUTS, clock) : probe;
            probe = looking;
            judge(looking.look());
            isFailing = false;
        } catch (WakeupException e) {
            LOG.debug("woken up to close");
        } catch (AuthorizationException e) {
            LOG.warn(
                    "how far the join is behind is not known: {} (expected: the access rules of "
                            + "'millrace topics --acl collector=User:NAME'); feedback is taken however far it is",
                    e.getMessage());
            thread.shutdown();
            closeProbe();
        } catch (KafkaException | IllegalStateException e) {
            if (!isFailing) {
                LOG.warn("how far the join is behind cannot be asked for now: {}", e.toString());
            }
            isFailing = true;
            closeProbe();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void judge(List<Lag> seen) {
        lags = List.copyOf(seen);
        Problem before = refusal;
        Problem now = limit.judge(seen).orElse(null);
        refusal = now;
        if (before == null && now != null) {
            LOG.warn("feedback is refused: {}; the join is group {}", now, Part.transactionalIdPrefix(kafka));
        } else if (before != null && now == null) {
            LOG.info("feedback is taken again: the join has caught up");
        }
    }

    private void closeProbe() {
        BacklogProbe open = probe;
        if (open != null) {
            open.close();
            probe = null;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        BacklogProbe looking = probe;
        if (looking != null) {
            looking.wakeUp();
        }
        try {
            if (thread.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                closeProbe();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
