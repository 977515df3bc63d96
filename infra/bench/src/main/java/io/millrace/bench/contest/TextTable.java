package io.millrace.bench.contest;

import java.util.List;
import java.util.Locale;

/** Rows of cells as lines of text: the first columns begin below each other, the others, numbers, end there. */
public final class TextTable {
    private static final String NOTHING = "–";

    private TextTable() {}

    /**
     * @param rows all of one length, the heads first
     * @param textColumns how many columns, from the first, are text
     * @return the lines, each with its end
     */
    public static String of(List<List<String>> rows, int textColumns) {
        int[] widths = widths(rows);
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(line(row, widths, textColumns)).append(System.lineSeparator()));
        return text.toString();
    }

    /** A number for people; a dash for one that is not finite. */
    public static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : NOTHING;
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths, int textColumns) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String padding = " ".repeat(widths[c] - row.get(c).length());
            line.append(c == 0 ? "" : "  ").append(c < textColumns ? row.get(c) + padding : padding + row.get(c));
        }
        return line.toString().stripTrailing();
    }
}
