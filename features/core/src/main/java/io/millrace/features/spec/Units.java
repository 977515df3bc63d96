package io.millrace.features.spec;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Values as one would write them in a spec. */
public final class Units {
    static final Map<String, ChronoUnit> ALL = Map.of(
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private static final double LEAST_PLAIN = 1e-9;
    private static final double MOST_PLAIN = 1e15;

    private Units() {}

    /** A duration in the largest unit that shows it whole. */
    public static String show(Duration duration) {
        long micros = Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
        String[] units = {"d", "h", "m", "s", "ms", "us"};
        for (String unit : units) {
            long size = ALL.get(unit).getDuration().toNanos() / 1000;
            if (micros % size == 0) {
                return micros / size + unit;
            }
        }
        throw new IllegalArgumentException("duration: " + duration + " (expected: whole microseconds)");
    }

    /** A number, without a fraction where it has none, and without an exponent where it is neither huge nor tiny. */
    public static String show(double value) {
        double size = Math.abs(value);
        return value == 0 || size >= LEAST_PLAIN && size < MOST_PLAIN
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
