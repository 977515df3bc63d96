package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Uuid7Test {
    @Test
    void idsAscendAndDifferWhereTheClockJumpsBack() {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AtomicLong now = new AtomicLong(1_760_000_000_000L);
            Uuid7 ids = new Uuid7(() -> Instant.ofEpochMilli(now.get()), random.split());
            String last = "";
            for (int i = 0; i < 5_000; i++) {
                if (i == 2_000) {
                    now.addAndGet(-TimeUnit.HOURS.toMillis(1));
                }
                now.addAndGet(random.nextInt(3) - (random.nextInt(50) == 0 ? 5 : 0));
                String id = ids.mint();
                assertThat(id).as("seed %d, id %d", seed, i).isGreaterThan(last);
                last = id;
            }
            now.addAndGet(TimeUnit.HOURS.toMillis(2));
            assertThat(UUID.fromString(ids.mint()).getMostSignificantBits() >>> 16)
                    .as("the clock's time, once it has caught up")
                    .isEqualTo(now.get());
        }
    }

    @Test
    void goesOnToTheNextMillisecondWhereOneIsFull() {
        RandomGenerator highest = () -> -1;
        Uuid7 ids = new Uuid7(Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC), highest);
        String first = ids.mint();
        String second = ids.mint();
        assertThat(UUID.fromString(first).getMostSignificantBits() >>> 16).isEqualTo(7);
        assertThat(UUID.fromString(second).getMostSignificantBits() >>> 16).isEqualTo(8);
        assertThat(second).isGreaterThan(first);
    }

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
