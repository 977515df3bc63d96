package io.millrace.wire;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Mints UUIDs of version 7 (RFC 9562): 48 bits of Unix milliseconds, 12 and 62 random bits. The ids of one instance ascend,
 * and differ, whatever its clock does: in the same millisecond, and while the clock is behind where it has been, the last id's
 * random bits go up by a random step (section 6.2, method 2). Safe for use by several threads.
 */
public final class Uuid7 {
    private static final long VERSION = 0x7000;
    private static final long VARIANT = 1L << 63;
    private static final long LOW_12 = 0xfff;
    private static final long LOW_62 = (1L << 62) - 1;
    private static final long MAX_MILLIS = (1L << 48) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMillis = -1;
    private long lastHigh;
    private long lastLow;

    /** @param random used by one thread at a time, and by nobody else */
    public Uuid7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** An id with the clock's time, or the last id's where that is later, in its canonical form: 36 characters, lower case. */
    public String mint() {
        synchronized (random) {
            long now = clock.millis();
            if (now > lastMillis) {
                begin(now);
            } else {
                goOn();
            }
            return of(lastMillis, lastHigh, lastLow);
        }
    }

    private void begin(long millis) {
        lastMillis = millis;
        lastHigh = random.nextLong() & LOW_12;
        lastLow = random.nextLong() & LOW_62;
    }

    private void goOn() {
        lastLow += 1 + (random.nextLong() >>> Integer.SIZE);
        if (lastLow > LOW_62) {
            lastLow &= LOW_62;
            lastHigh++;
        }
        if (lastHigh > LOW_12) {
            begin(lastMillis + 1);
        }
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
