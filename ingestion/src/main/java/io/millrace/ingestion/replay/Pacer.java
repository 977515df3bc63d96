package io.millrace.ingestion.replay;

import java.time.Duration;

/**
 * Holds events back until they are due: the first at once, each other one when, since the first went out, as much time has
 * passed as lies between the two, divided by the speed. The order stays; an event that is due already, among them every one
 * that is earlier than those before it, goes out at once. Not thread-safe.
 */
final class Pacer {
    private static final double NANOS_PER_MICRO = 1_000;
    /** A wait is taken in steps, so that whoever waits can say so in between. */
    private static final long STEP_NANOS = 200_000_000;

    /** What is done while waiting. */
    interface Step {
        void run() throws InterruptedException;
    }

    private final double speed;
    private final Ticker ticker;
    private boolean isStarted;
    private long firstMicros;
    private long startNanos;

    /** @param speed event time that passes in a unit of real time; 0 for as fast as possible */
    Pacer(double speed, Ticker ticker) {
        this.speed = speed;
        this.ticker = ticker;
    }

    /** Returns when the event is due, having run {@code meanwhile} between steps of the wait. */
    void await(long eventMicros, Step meanwhile) throws InterruptedException {
        if (speed == 0) {
            return;
        }
        if (!isStarted) {
            isStarted = true;
            firstMicros = eventMicros;
            startNanos = ticker.nanos();
            return;
        }
        double dueNanos = ((double) eventMicros - firstMicros) * NANOS_PER_MICRO / speed;
        double left = dueNanos - (ticker.nanos() - startNanos);
        while (left > 0) {
            ticker.sleep(Duration.ofNanos((long) Math.ceil(Math.min(left, STEP_NANOS))));
            meanwhile.run();
            left = dueNanos - (ticker.nanos() - startNanos);
        }
    }
}
