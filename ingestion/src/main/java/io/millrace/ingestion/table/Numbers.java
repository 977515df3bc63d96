package io.millrace.ingestion.table;

import java.util.OptionalDouble;

/** Decimal numbers as people and programs write them; none of Java's suffixes, hexadecimals or NaN. */
public final class Numbers {
    /** What is asked for, for people. */
    public static final String EXPECTED = "a finite number";

    private Numbers() {}

    /** The number that a text stands for; nothing where that is none, or none that is finite. */
    public static OptionalDouble parse(String text) {
        double value = orNaN(text);
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The same, with NaN for nothing. */
    static double orNaN(String text) {
        String stripped = text.strip();
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Double.NaN;
            }
        }
        try {
            return finite(Double.parseDouble(stripped));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The number that a value of a row is or stands for; NaN where that is none, or none that is finite. */
    static double ofCell(Object cell) {
        if (cell instanceof String text) {
            return orNaN(text);
        }
        return cell instanceof Number number ? finite(number.doubleValue()) : Double.NaN;
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }
}
