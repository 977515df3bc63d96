package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeFormatTest {
    private static final long NINE = micros("2001-01-01T09:00:00Z");

    @Test
    void readsUnitsSince1970() {
        assertThat(TimeFormat.epoch(TimeUnit.SECONDS).micros("978339600")).hasValue(NINE);
        assertThat(TimeFormat.epoch(TimeUnit.SECONDS).micros(" 978339600.25 ")).hasValue(NINE + 250_000);
        assertThat(TimeFormat.epoch(TimeUnit.MILLISECONDS).micros("978339600000"))
                .hasValue(NINE);
        assertThat(TimeFormat.epoch(TimeUnit.MICROSECONDS).micros("978339600000000"))
                .hasValue(NINE);
        assertThat(TimeFormat.epoch(TimeUnit.MICROSECONDS).micros("-1.5")).hasValue(-2);
    }

    @Test
    void readsIso8601InItsUsualForms() {
        TimeFormat utc = TimeFormat.iso(ZoneOffset.UTC);
        for (String text : new String[] {
            "2001-01-01T09:00:00Z",
            "2001-01-01t09:00:00z",
            "2001-01-01T10:00:00+01:00",
            "2001-01-01T09:00:00",
            "2001-01-01 09:00:00",
            "2001-01-01 09:00",
            "2001-01-01T09:00:00.000"
        }) {
            assertThat(utc.micros(text)).as(text).hasValue(NINE);
        }
        assertThat(utc.micros("2001-01-01")).hasValue(micros("2001-01-01T00:00:00Z"));
        assertThat(utc.micros("2001-01-01T09:00:00.123456789Z")).hasValue(NINE + 123_456);
    }

    @Test
    void readsTheCommonFormAsTheOthers() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        for (int i = 0; i < 5_000; i++) {
            String common = String.format(
                    "%04d-%02d-%02d%s%02d:%02d:%02d",
                    1900 + random.nextInt(200),
                    random.nextInt(14),
                    random.nextInt(33),
                    random.nextBoolean() ? "T" : " ",
                    random.nextInt(25),
                    random.nextInt(61),
                    random.nextInt(61));
            for (ZoneId zone : new ZoneId[] {ZoneOffset.UTC, berlin}) {
                TimeFormat iso = TimeFormat.iso(zone);
                String reason = "seed " + seed + ": " + common;
                assertThat(iso.micros(common)).as(reason).isEqualTo(iso.micros(common + ".0"));
                assertThat(iso.micros(common + "Z")).as(reason).isEqualTo(iso.micros(common + ".0Z"));
            }
        }
        assertNothing(TimeFormat.iso(berlin), "2001-01-01T09:00:0x", "2001-01-01T09:00-00", "2001-01-01T09:00:00z ?");
    }

    @Test
    void readsLocalTimesInTheirZone() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(TimeFormat.iso(berlin).micros("2001-01-01T10:00:00")).hasValue(NINE);
        assertThat(TimeFormat.iso(berlin).micros("2001-01-01T09:00:00Z")).hasValue(NINE);
        assertThat(TimeFormat.pattern("dd.MM.yyyy HH:mm", berlin).micros("01.01.2001 10:00"))
                .hasValue(NINE);
        assertThat(TimeFormat.pattern("dd/MM/yyyy", ZoneOffset.UTC).micros("01/01/2001"))
                .hasValue(micros("2001-01-01T00:00:00Z"));
        assertThat(TimeFormat.pattern("yyyy-MM-dd HH:mm xx", berlin).micros("2001-01-01 04:00 -0500"))
                .hasValue(NINE);
    }

    @Test
    void findsNothingInWhatIsNoSuchTime() {
        assertNothing(TimeFormat.epoch(TimeUnit.SECONDS), "", "x", "NaN", "1e30", "2001-01-01");
        assertNothing(TimeFormat.iso(ZoneOffset.UTC), "", "978339600", "2001-02-30", "2001-01-01T25:00:00Z", "x");
        assertNothing(TimeFormat.pattern("dd.MM.yyyy", ZoneOffset.UTC), "2001-01-01", "32.01.2001", "30.02.2001");
    }

    @Test
    void refusesAPatternThatIsNone() {
        assertThatThrownBy(() -> TimeFormat.pattern("jj", ZoneOffset.UTC)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertNothing(TimeFormat format, String... texts) {
        for (String text : texts) {
            assertThat(format.micros(text)).as(text).isEqualTo(OptionalLong.empty());
        }
    }

    private static long micros(String instant) {
        return Instant.parse(instant).getEpochSecond() * 1_000_000;
    }
}
