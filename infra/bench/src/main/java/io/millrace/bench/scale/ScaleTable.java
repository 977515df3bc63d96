package io.millrace.bench.scale;

import io.millrace.bench.contest.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** All points as one table for people: examples a second of each learner, and ratios to the reference at the same point. */
public final class ScaleTable {
    private static final String SEPARATOR = "  ";

    private ScaleTable() {}

    /** @param reference whose results the others are divided by, where it took part */
    public static String of(List<Measured> all, String reference) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(all.get(0).results(), reference));
        all.forEach(measured -> rows.add(row(measured, reference)));
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(c ->
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                text.append(c == 0 ? "" : SEPARATOR)
                        .append(" ".repeat(widths[c] - row.get(c).length()))
                        .append(row.get(c));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<String> head(List<Result> results, String reference) {
        List<String> head = new ArrayList<>(List.of("bits", "features", "examples"));
        results.forEach(result -> head.add(name(result) + "/s"));
        results.stream()
                .filter(result -> !result.maker().equals(reference))
                .forEach(result -> head.add(name(result) + " / " + reference));
        return head;
    }

    /** {@code vw}, {@code ftrl}: a setting of Millrace's is called by its learner. */
    private static String name(Result result) {
        String setting = result.setting();
        return setting.startsWith("learner: ") ? setting.substring("learner: ".length()) : result.maker();
    }

    private static List<String> row(Measured measured, String reference) {
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(measured.point().bits()),
                String.format(Locale.ROOT, "%,d", measured.point().features()),
                String.format(Locale.ROOT, "%,d", measured.examples())));
        double theirs = measured.results().stream()
                .filter(result -> result.maker().equals(reference))
                .mapToDouble(Result::examplesPerSecond)
                .findFirst()
                .orElse(Double.NaN);
        measured.results().forEach(result -> row.add(String.format(Locale.ROOT, "%,.0f", result.examplesPerSecond())));
        measured.results().stream()
                .filter(result -> !result.maker().equals(reference))
                .map(result -> result.examplesPerSecond() / theirs)
                .forEach(ratio -> row.add(Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.2f", ratio)));
        return row;
    }
}
