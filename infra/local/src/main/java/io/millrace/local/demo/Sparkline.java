package io.millrace.local.demo;

import java.util.Arrays;

/** Numbers as a row of Unicode blocks, lowest to highest; a blank where there is no number. */
final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private Sparkline() {}

    static String of(double... values) {
        double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
        double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
        StringBuilder line = new StringBuilder(values.length);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                line.append(' ');
            } else {
                double height = high > low ? (value - low) / (high - low) : 0;
                line.append(BLOCKS.charAt((int) Math.round(height * (BLOCKS.length() - 1))));
            }
        }
        return line.toString();
    }

    /** A bar whose length is the given share of {@code width}, to an eighth of a column. */
    static String bar(double share, int width) {
        if (!Double.isFinite(share)) {
            return "";
        }
        int eighths = (int) Math.round(Math.max(0, Math.min(1, share)) * width * EIGHTHS.length());
        String whole = "█".repeat(eighths / EIGHTHS.length());
        int rest = eighths % EIGHTHS.length();
        return rest == 0 ? whole : whole + EIGHTHS.charAt(rest);
    }
}
