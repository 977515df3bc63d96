package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class Uuid7Test {
    @Test
    void mintsDistinctIdsOfVersionSevenWithTheClocksTime() {
        Instant now = Instant.parse("2026-01-01T00:00:00.123Z");
        Uuid7 ids = new Uuid7(Clock.fixed(now, ZoneOffset.UTC), new SplittableRandom(3));
        Set<String> minted = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            UUID id = UUID.fromString(ids.mint());
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
            minted.add(id.toString());
        }
        assertThat(minted).hasSize(100_000);
    }
}
