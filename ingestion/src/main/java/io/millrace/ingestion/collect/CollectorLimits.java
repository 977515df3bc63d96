package io.millrace.ingestion.collect;

import io.millrace.ingestion.TimeBounds;
import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a collector puts up with.
 *
 * @param maxBodyBytes the largest body, 413 beyond it
 * @param maxRequestsInFlight requests being read or waiting for Kafka, 429 beyond it
 * @param maxBytesInFlight the bodies of those requests together, 429 beyond it; a body of unannounced length counts as the
 *     largest until it is read
 * @param readTimeout how long a caller has to send a body, 408 beyond it
 * @param ackTimeout how long Kafka has to take a request's records, 503 beyond it; a broker that restarts within it goes
 *     unnoticed
 * @param maxAhead how far beyond the clock an event's time may be
 * @param maxBacklog how old what the join has not read may be, 429 for feedback beyond it; null for half the time that the
 *     topics keep it
 */
public record CollectorLimits(
        int maxBodyBytes,
        int maxRequestsInFlight,
        long maxBytesInFlight,
        Duration readTimeout,
        Duration ackTimeout,
        Duration maxAhead,
        @Nullable Duration maxBacklog) {
    public static final CollectorLimits DEFAULT = new CollectorLimits(
            4 << 20, 1024, 128L << 20, Duration.ofSeconds(10), Duration.ofSeconds(8), TimeBounds.AHEAD, null);

    /** @throws IllegalArgumentException that lists everything wrong */
    public CollectorLimits {
        List<Problem> problems = new ArrayList<>();
        if (maxBodyBytes < 1) {
            problems.add(new Problem("maxBodyBytes", Integer.toString(maxBodyBytes), "at least 1"));
        }
        if (maxRequestsInFlight < 1) {
            problems.add(new Problem("maxRequestsInFlight", Integer.toString(maxRequestsInFlight), "at least 1"));
        }
        if (maxBytesInFlight < maxBodyBytes) {
            problems.add(new Problem("maxBytesInFlight", Long.toString(maxBytesInFlight), "at least maxBodyBytes"));
        }
        checkTimeout("readTimeout", readTimeout, problems);
        checkTimeout("ackTimeout", ackTimeout, problems);
        if (maxAhead.isNegative() || maxAhead.compareTo(Duration.ofDays(36_500)) > 0) {
            problems.add(new Problem("maxAhead", maxAhead.toString(), "0 to 36,500 days"));
        }
        if (maxBacklog != null && (maxBacklog.compareTo(Duration.ofSeconds(1)) < 0)) {
            problems.add(new Problem("maxBacklog", maxBacklog.toString(), "at least 1 s"));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", problems.stream().map(Problem::toString).toList()));
        }
    }

    /** The same with another bound of the join's backlog. */
    public CollectorLimits withMaxBacklog(Duration age) {
        return new CollectorLimits(
                maxBodyBytes, maxRequestsInFlight, maxBytesInFlight, readTimeout, ackTimeout, maxAhead, age);
    }

    private static void checkTimeout(String name, Duration timeout, List<Problem> problems) {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
            problems.add(new Problem(name, timeout.toString(), "100 ms to 10 min"));
        }
    }
}
