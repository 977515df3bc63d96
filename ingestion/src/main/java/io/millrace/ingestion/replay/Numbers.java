package io.millrace.ingestion.replay;

import java.util.OptionalDouble;

/** Decimal numbers as people and programs write them; none of Java's suffixes, hexadecimals or NaN. */
final class Numbers {
    static final String EXPECTED = "a finite number";

    private Numbers() {}

    static OptionalDouble parse(String text) {
        String stripped = text.strip();
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return OptionalDouble.empty();
            }
        }
        try {
            double value = Double.parseDouble(stripped);
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
