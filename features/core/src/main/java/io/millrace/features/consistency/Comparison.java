package io.millrace.features.consistency;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was logged beside what was recomputed.
 *
 * <p>Numbers differ if they are further apart than {@value #ROUNDING} of what they are sums of: vectors hold floats, and sums depend on the order in
 * which they are added up. Categories differ if one is there that should not be, or the other way round, or if their order does.
 *
 * @param isCertain whether the log says what it should be
 * @param absolute how far the numbers are apart; of categories, how many are in one of them only
 * @param relative the same as a share of the larger, at most 1 but for numbers of opposite signs
 */
public record Comparison(
        boolean isCertain, boolean differs, double absolute, double relative, String logged, String recomputed) {
    private static final double ROUNDING = 1e-6;
    private static final int SHOWN = 5;

    static Comparison uncertain() {
        return new Comparison(false, false, 0, 0, "", "");
    }

    /** @param recomputed not a number where it should be missing */
    static Comparison ofNumbers(double logged, double recomputed, double scale, double tolerance) {
        boolean bothMissing = Double.isNaN(logged) && Double.isNaN(recomputed);
        boolean oneMissing = Double.isNaN(logged) != Double.isNaN(recomputed);
        double expected = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, recomputed));
        double apart = bothMissing ? 0 : oneMissing ? larger(logged, recomputed) : Math.abs(logged - expected);
        double allowed = ROUNDING * Math.max(scale, Math.abs(expected)) + tolerance * Math.abs(expected);
        return new Comparison(
                true,
                oneMissing || apart > allowed + Float.MIN_NORMAL,
                apart,
                oneMissing ? 1 : apart == 0 ? 0 : apart / larger(logged, expected),
                show(logged),
                show(recomputed));
    }

    private static double larger(double one, double other) {
        return Double.isNaN(one)
                ? Math.abs(other)
                : Double.isNaN(other) ? Math.abs(one) : Math.max(Math.abs(one), Math.abs(other));
    }

    static Comparison ofCategories(long[] logged, long[] recomputed) {
        Set<Long> left = new HashSet<>();
        Arrays.stream(logged).forEach(left::add);
        Set<Long> right = new HashSet<>();
        Arrays.stream(recomputed).forEach(right::add);
        long common = left.stream().filter(right::contains).count();
        long apart = left.size() + right.size() - 2 * common;
        return new Comparison(
                true,
                !Arrays.equals(logged, recomputed),
                apart,
                apart == 0 ? 0 : (double) apart / (left.size() + right.size() - common),
                show(logged),
                show(recomputed));
    }

    /** Each category's weight is a number, which is missing where the category is; each recomputed one is rounded and estimated by itself. */
    static Comparison ofWeights(TreeMap<Long, Double> logged, TreeMap<Long, Reading> recomputed) {
        TreeSet<Long> all = new TreeSet<>(logged.keySet());
        all.addAll(recomputed.keySet());
        boolean differs = false;
        double absolute = 0;
        double relative = 0;
        for (long category : all) {
            Reading expected = recomputed.getOrDefault(category, Reading.MISSING);
            Comparison one = ofNumbers(
                    logged.getOrDefault(category, Double.NaN),
                    expected.number(),
                    expected.scale(),
                    expected.tolerance());
            differs |= one.differs;
            absolute = Math.max(absolute, one.absolute);
            relative = Math.max(relative, one.relative);
        }
        TreeMap<Long, Double> numbers = new TreeMap<>();
        recomputed.forEach((category, reading) -> numbers.put(category, reading.number()));
        return new Comparison(true, differs, absolute, relative, show(logged), show(numbers));
    }

    private static String show(double number) {
        return Double.isNaN(number) ? "missing" : String.format(Locale.ROOT, "%.9g", number);
    }

    private static String show(long[] hashes) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < Math.min(SHOWN, hashes.length); i++) {
            text.append(i == 0 ? "" : ", ").append(Long.toHexString(hashes[i]));
        }
        return text.append(hashes.length > SHOWN ? ", ...]" : "]").toString();
    }

    private static String show(TreeMap<Long, Double> weights) {
        StringBuilder text = new StringBuilder("{");
        weights.entrySet().stream()
                .limit(SHOWN)
                .forEach(entry -> text.append(text.length() == 1 ? "" : ", ")
                        .append(Long.toHexString(entry.getKey()))
                        .append(": ")
                        .append(show(entry.getValue())));
        return text.append(weights.size() > SHOWN ? ", ...}" : "}").toString();
    }
}
