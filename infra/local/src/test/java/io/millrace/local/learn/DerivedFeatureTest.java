package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DerivedFeatureTest {
    @Test
    void agreesWithTheCalendarBeforeAndAfter1970() {
        long seed = 11;
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            long seconds = random.nextLong(-4_000_000_000L, 4_000_000_000L);
            OffsetDateTime time = Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
            long micros = TimeUnit.SECONDS.toMicros(seconds) + random.nextInt(1_000_000);
            assertThat(DerivedFeature.HOUR.at(micros))
                    .as("%s, seed %s", time, seed)
                    .isEqualTo(time.getHour());
            assertThat(DerivedFeature.WEEKDAY.at(micros))
                    .as("%s, seed %s", time, seed)
                    .isEqualTo(time.getDayOfWeek().getValue());
        }
    }
}
