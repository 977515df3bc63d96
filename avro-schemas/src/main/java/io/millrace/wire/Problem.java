package io.millrace.wire;

import java.util.regex.Pattern;

/**
 * One thing that is wrong with what somebody gave us.
 *
 * <p>Name and value are shortened and kept to one line: they come from outside.
 *
 * @param name the field, as a path: {@code candidates[3].age_days}
 * @param value what was given; {@code missing} where nothing was
 * @param expected what would have been right
 */
public record Problem(String name, String value, String expected) {
    private static final int SHOWN_OF_VALUE = 80;
    private static final int SHOWN_OF_NAME = 160;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    public Problem {
        name = show(name, SHOWN_OF_NAME);
        value = show(value, SHOWN_OF_VALUE);
    }

    public static Problem missing(String name, String expected) {
        return new Problem(name, "missing", expected);
    }

    /** On one line and not too long, whatever somebody sent. */
    private static String show(String text, int length) {
        String shown = text;
        if (text.length() > length) {
            int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
            shown = text.substring(0, end) + "...";
        }
        return CONTROL.matcher(shown).replaceAll(" ");
    }

    @Override
    public String toString() {
        return name + ": " + value + " (expected: " + expected + ")";
    }
}
