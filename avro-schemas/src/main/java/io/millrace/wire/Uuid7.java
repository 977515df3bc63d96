package io.millrace.wire;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Mints UUIDs of version 7 (RFC 9562): 48 bits of Unix milliseconds, 12 and 62 random bits; those of one millisecond are in
 * no order. Safe for use by several threads.
 */
public final class Uuid7 {
    private static final long VERSION = 0x7000;
    private static final long VARIANT = 1L << 63;
    private static final long LOW_12 = 0xfff;
    private static final long LOW_62 = (1L << 62) - 1;
    private static final long MAX_MILLIS = (1L << 48) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random used by one thread at a time, and by nobody else */
    public Uuid7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** An id with the clock's time, in its canonical form: 36 characters, lower case. */
    public String mint() {
        long high;
        long low;
        synchronized (random) {
            high = random.nextLong();
            low = random.nextLong();
        }
        return of(clock.millis(), high, low);
    }

    /**
     * Puts an id together.
     *
     * @param timeMillis milliseconds since 1970 UTC, at least 0 and less than 2^48
     * @param high of which the low 12 bits are used
     * @param low of which the low 62 bits are used
     */
    static String of(long timeMillis, long high, long low) {
        if (timeMillis < 0 || timeMillis > MAX_MILLIS) {
            throw new IllegalArgumentException(
                    new Problem("time of an id", timeMillis + " ms", "0 to 2^48 - 1").toString());
        }
        return new UUID(timeMillis << 16 | VERSION | high & LOW_12, low & LOW_62 | VARIANT).toString();
    }
}
