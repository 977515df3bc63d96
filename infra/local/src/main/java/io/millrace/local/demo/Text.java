package io.millrace.local.demo;

import java.util.Locale;

/** How numbers are shown to people; what is not known is a dash. */
final class Text {
    private static final String UNKNOWN = "–";

    private Text() {}

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : UNKNOWN;
    }

    static String percent(double share) {
        return Double.isFinite(share) ? number(share * 100, 1) + " %" : UNKNOWN;
    }

    /** Milliseconds with three digits or so. */
    static String millis(double value) {
        if (value >= 10_000) {
            return number(value / 1000, 1) + " s";
        }
        return Double.isFinite(value) ? number(value, value < 10 ? 1 : 0) + " ms" : UNKNOWN;
    }

    static String seconds(double value) {
        if (value < 120) {
            return number(value, value < 10 ? 1 : 0) + " s";
        }
        return Double.isFinite(value) ? (long) value / 60 + " min " + (long) value % 60 + " s" : UNKNOWN;
    }

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String clip(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
