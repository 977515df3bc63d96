package io.millrace.ingestion.replay;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that passes while a file is replayed, and the waiting for it. */
public interface Ticker {
    /** Nanoseconds since any fixed moment; never goes back. */
    long nanos();

    void sleep(Duration duration) throws InterruptedException;

    /** The machine's. */
    static Ticker system() {
        return new Ticker() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                TimeUnit.NANOSECONDS.sleep(duration.toNanos());
            }
        };
    }
}
