package io.millrace.wire;

/**
 * One thing that is wrong with what somebody gave us.
 *
 * @param name the field, as a path: {@code candidates[3].age_days}
 * @param value what was given, shortened; {@code missing} where nothing was
 * @param expected what would have been right
 */
public record Problem(String name, String value, String expected) {
    private static final int SHOWN = 80;

    public Problem {
        if (value.length() > SHOWN) {
            value = value.substring(0, SHOWN) + "...";
        }
    }

    public static Problem missing(String name, String expected) {
        return new Problem(name, "missing", expected);
    }

    @Override
    public String toString() {
        return name + ": " + value + " (expected: " + expected + ")";
    }
}
