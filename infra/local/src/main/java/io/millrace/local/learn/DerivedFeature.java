package io.millrace.local.learn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Features that are made from a row's time, where one of their name is asked for and no column has it. */
enum DerivedFeature {
    /** Hour of the day in UTC, 0 to 23. */
    HOUR("hour", 24),
    /** Day of the week in UTC, 1 for Monday to 7. */
    WEEKDAY("weekday", 8);

    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long DAY_MICROS = 24 * HOUR_MICROS;
    private static final int EPOCH_WEEKDAY = 3;

    private final String text;
    private final int size;

    DerivedFeature(String text, int size) {
        this.text = text;
        this.size = size;
    }

    String text() {
        return text;
    }

    /** Above all of its values. */
    int size() {
        return size;
    }

    static Optional<DerivedFeature> of(String name) {
        return Arrays.stream(values())
                .filter(feature -> feature.text.equals(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(DerivedFeature::text).toList();
    }

    int at(long micros) {
        return switch (this) {
            case HOUR -> (int) (Math.floorMod(micros, DAY_MICROS) / HOUR_MICROS);
            case WEEKDAY -> (int) Math.floorMod(Math.floorDiv(micros, DAY_MICROS) + EPOCH_WEEKDAY, 7L) + 1;
        };
    }
}
