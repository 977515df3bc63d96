package io.millrace.features.job;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Event time of one partition: the newest record's, less the out-of-orderness. When it has not advanced for a while, it goes
 * on from there at the pace of the clock, so that windows close although nobody says anything, or although the records come
 * from a machine whose clock was set back; it never jumps to now, which may be years ahead in a replay. What comes out of files says itself
 * what time it is: until their end, which ends the time before it at once, event time stands still while nothing is read. A partition that never
 * gave a record holds nobody up: it is idle, after a longer while.
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
    /** Since the last tick, event time has advanced, or the partition shows that it has records at all. */
    private boolean hasMoved;
    /** What it gives comes out of files. */
    private boolean isHistory;

    private long lastTickNanos;
    private long standingNanos;

    SteadyWatermarks(Duration outOfOrderness, Duration idleAfter, Duration emptyAfter, RelativeClock clock) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.idleAfterNanos = idleAfter.toNanos();
        this.emptyAfterNanos = emptyAfter.toNanos();
        this.clock = clock;
        this.lastTickNanos = clock.relativeTimeNanos();
    }

    @Override
    public void onEvent(byte[] arrival, long timestampMillis, WatermarkOutput output) {
        boolean isFirst = newestMillis == Long.MIN_VALUE;
        boolean hasTime = Arrival.kind(arrival) != Arrival.Kind.DEAD_LETTER;
        if (hasTime && timestampMillis > newestMillis) {
            newestMillis = timestampMillis;
            hasMoved = true;
        }
        hasMoved |= isFirst;
        isHistory = Arrival.partition(arrival) == Arrival.HISTORY;
        if (Arrival.kind(arrival) == Arrival.Kind.END_OF_HISTORY) {
            output.emitWatermark(new Watermark(timestampMillis - 1));
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        long now = clock.relativeTimeNanos();
        standingNanos = hasMoved ? 0 : standingNanos + Math.min(now - lastTickNanos, LONGEST_TICK.toNanos());
        lastTickNanos = now;
        hasMoved = false;
        if (newestMillis != Long.MIN_VALUE) {
            long sinceMillis = standingNanos >= idleAfterNanos && !isHistory
                    ? Duration.ofNanos(standingNanos).toMillis()
                    : 0;
            output.emitWatermark(new Watermark(newestMillis + sinceMillis - outOfOrdernessMillis - 1));
        } else if (standingNanos >= emptyAfterNanos) {
            output.markIdle();
        }
    }
}
