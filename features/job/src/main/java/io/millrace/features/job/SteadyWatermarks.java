package io.millrace.features.job;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Event time of one partition: the newest record's, less the out-of-orderness. When the partition has given nothing for a
 * while, event time goes on from there at the pace of the clock, so that windows close although nobody says anything; it never
 * jumps to now, which may be years ahead in a replay. A partition that never gave a record holds nobody up: it is idle, after
 * a longer while.
 *
 * <p><b>Why the while.</b> After a restart no event time is known. If a partition with a backlog were passed over before its
 * first record is read, the other topic's backlog would end every window with its feedback unread. So a partition is passed
 * over only when it has been silent through time in which its task was alive: a pause of the process counts for no more than
 * one tick, and Flink's input clock stands still under back-pressure. What arrives after event time went on is late, not lost:
 * the join corrects the label.
 *
 * <p>One instance a partition, on its task's thread.
 */
final class SteadyWatermarks implements WatermarkGenerator<byte[]> {
    /** A tick that took longer than this was a pause of the process, which says nothing about the partition. */
    static final Duration LONGEST_TICK = Duration.ofMillis(200);

    private final long outOfOrdernessMillis;
    private final long idleAfterNanos;
    private final long emptyAfterNanos;
    private final RelativeClock clock;
    private long newestMillis = Long.MIN_VALUE;
    private boolean isActive;
    private long lastTickNanos;
    private long silentNanos;

    SteadyWatermarks(Duration outOfOrderness, Duration idleAfter, Duration emptyAfter, RelativeClock clock) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.idleAfterNanos = idleAfter.toNanos();
        this.emptyAfterNanos = emptyAfter.toNanos();
        this.clock = clock;
        this.lastTickNanos = clock.relativeTimeNanos();
    }

    @Override
    public void onEvent(byte[] arrival, long timestampMillis, WatermarkOutput output) {
        isActive = true;
        if (Arrival.kind(arrival) != Arrival.Kind.DEAD_LETTER) {
            newestMillis = Math.max(newestMillis, timestampMillis);
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        long now = clock.relativeTimeNanos();
        silentNanos = isActive ? 0 : silentNanos + Math.min(now - lastTickNanos, LONGEST_TICK.toNanos());
        lastTickNanos = now;
        isActive = false;
        if (newestMillis != Long.MIN_VALUE) {
            long sinceMillis = silentNanos >= idleAfterNanos
                    ? Duration.ofNanos(silentNanos).toMillis()
                    : 0;
            output.emitWatermark(new Watermark(newestMillis + sinceMillis - outOfOrdernessMillis - 1));
        } else if (silentNanos >= emptyAfterNanos) {
            output.markIdle();
        }
    }
}
