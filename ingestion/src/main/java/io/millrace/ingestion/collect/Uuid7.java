package io.millrace.ingestion.collect;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Mints UUIDs of version 7 (RFC 9562): milliseconds, then random bits; those of one millisecond are in no order. Safe for
 * use by several threads.
 */
final class Uuid7 {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random used by one thread at a time, and by nobody else */
    Uuid7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    String mint() {
        long high;
        long low;
        synchronized (random) {
            high = random.nextLong();
            low = random.nextLong();
        }
        long most = clock.millis() << 16 | VERSION | high & 0xFFF;
        return new UUID(most, VARIANT | low >>> 2).toString();
    }
}
