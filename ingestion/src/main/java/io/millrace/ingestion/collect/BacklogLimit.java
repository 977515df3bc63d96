package io.millrace.ingestion.collect;

import io.millrace.wire.Problem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When feedback is refused, since what is taken now might be gone before the join has read it.
 *
 * <p>A join that is behind by an age a, and goes on reading as fast as is written, reads in a what is written now. A topic
 * that keeps records for k loses it where a is above k. So beyond a limit, half of k unless told, nothing more is promised,
 * which also gives the join room to catch up. Once it has refused, it takes feedback again below nine tenths of the limit, so
 * that callers do not see it waver. Not thread-safe.
 */
final class BacklogLimit {
    private static final double REOPENS = 0.9;
    private static final int SHARE_OF_KEPT = 2;

    private final @Nullable Duration limit;
    private boolean isOver;

    /** @param limit the greatest age of what is unread; null for half the time that its topic keeps it */
    BacklogLimit(@Nullable Duration limit) {
        this.limit = limit;
    }

    /** Why feedback is refused, as things stand; nothing where it is taken. */
    Optional<Problem> judge(Collection<Lag> lags) {
        double bound = isOver ? REOPENS : 1;
        Optional<Lag> worst =
                lags.stream().filter(lag -> share(lag) > bound).max(Comparator.comparingDouble(this::share));
        isOver = worst.isPresent();
        return worst.map(this::problem);
    }

    /** The age as a share of the limit. */
    private double share(Lag lag) {
        Duration most = most(lag);
        return most == null ? 0 : (double) lag.age().toMillis() / Math.max(1, most.toMillis());
    }

    private @Nullable Duration most(Lag lag) {
        if (limit != null) {
            return limit;
        }
        return lag.kept() == null ? null : lag.kept().dividedBy(SHARE_OF_KEPT);
    }

    private Problem problem(Lag lag) {
        Duration kept = lag.kept();
        return new Problem(
                "backlog of the join in " + lag.topic() + "-" + lag.partition(),
                lag.unread() + " unread, the first since " + lag.age().truncatedTo(ChronoUnit.SECONDS),
                "at most " + most(lag) + (kept == null ? "" : "; records are kept for " + kept));
    }
}
