package io.millrace.features.job.pace;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How far the readers have come that share a place: those of one job whose tasks have the same number, which Flink runs in one process. One
 * that reads what was recorded later than what another still has to give is ahead of it.
 *
 * <p>Safe for use by several threads: each of them has a runner, which it alone moves.
 */
final class Pace {
    /** One that has given nothing for so long has nothing to give, for now. */
    static final Duration PAUSE = Duration.ofMillis(20);
    /** And so long after its start. */
    static final Duration WARM_UP = Duration.ofSeconds(1);

    private static final long HAS_MORE = Long.MAX_VALUE;
    private static final Map<String, Pace> PLACES = new ConcurrentHashMap<>();

    private final List<Runner> runners = new CopyOnWriteArrayList<>();

    /** A new runner at that place. */
    static Runner join(String place, long nowMillis) {
        Runner[] joined = new Runner[1];
        PLACES.compute(place, (name, there) -> {
            Pace pace = there == null ? new Pace() : there;
            joined[0] = pace.new Runner(place, nowMillis);
            pace.runners.add(joined[0]);
            return pace;
        });
        return joined[0];
    }

    /** How far one reader has come. */
    final class Runner implements AutoCloseable {
        private final String place;
        private volatile long atMillis = Long.MIN_VALUE;
        private volatile long emptyFromMillis;

        private Runner(String place, long nowMillis) {
            this.place = place;
            this.emptyFromMillis = nowMillis + WARM_UP.toMillis();
        }

        /** It has given a record that was recorded then. */
        void gave(long recordedMillis) {
            atMillis = recordedMillis;
            if (emptyFromMillis != HAS_MORE) {
                emptyFromMillis = HAS_MORE;
            }
        }

        /** It has nothing to give at the moment. */
        void hasNothing(long nowMillis) {
            if (emptyFromMillis == HAS_MORE) {
                emptyFromMillis = nowMillis + PAUSE.toMillis();
            }
        }

        /** Whether another, which has more to give, is behind. */
        boolean isAhead(long nowMillis) {
            for (Runner other : runners) {
                if (other != this && nowMillis < other.emptyFromMillis && other.atMillis < atMillis) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void close() {
            PLACES.computeIfPresent(place, (name, there) -> {
                there.runners.remove(this);
                return there.runners.isEmpty() ? null : there;
            });
        }
    }
}
