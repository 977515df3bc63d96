package io.millrace.features.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the text of a setting may be.
 *
 * @param expected for people, after "expected: "
 * @param parse the value, or none where the text is not as expected
 */
record Kind<T>(String expected, Function<String, Optional<T>> parse) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,99}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(us|ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,4})?");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,6}(?:[.][0-9]{1,6})?)%");
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,19}");
    private static final Pattern QUANTILES = Pattern.compile("quantiles(?:\\(([0-9]{1,3})\\))?");
    private static final String QUANTILE_BINS = "16";
    private static final Pattern SAMPLE = Pattern.compile("sample\\(([^()]*)\\)");

    static Kind<Bins> bins() {
        return new Kind<>(
                "a width above 0, quantiles, or quantiles(N) with N from 2 to " + Bins.Quantiles.MOST, text -> {
                    Matcher quantiles = QUANTILES.matcher(text);
                    if (quantiles.matches()) {
                        return parseLong(quantiles.group(1) == null ? QUANTILE_BINS : quantiles.group(1))
                                .filter(count -> count >= 2 && count <= Bins.Quantiles.MOST)
                                .map(count -> new Bins.Quantiles(count.intValue()));
                    }
                    return parseDouble(text).filter(width -> width > 0).map(Bins.Width::new);
                });
    }

    /** Which share of the candidates that were not shown is logged. */
    static Kind<Double> logged() {
        return new Kind<>("shown, all, or sample(SHARE) with a share above 0 and below 1, like sample(0.1)", text -> {
            Matcher sample = SAMPLE.matcher(text);
            if (sample.matches()) {
                return parseDouble(sample.group(1)).filter(share -> share > 0 && share < 1);
            }
            return text.equals("all") ? Optional.of(1.0) : Optional.of(0.0).filter(none -> text.equals("shown"));
        });
    }

    static Kind<String> name() {
        return new Kind<>(
                "a name: letters, digits, _ . -, not starting with a digit",
                text -> Optional.of(text).filter(name -> NAME.matcher(name).matches()));
    }

    static Kind<Double> number(double from, double to) {
        String range = to == Double.MAX_VALUE
                ? "a number of at least " + Units.show(from)
                : Units.show(from) + " to " + Units.show(to);
        return new Kind<>(range, text -> parseDouble(text).filter(value -> value >= from && value <= to));
    }

    /** A share with its unit: {@code 20%} is 0.2. */
    static Kind<Double> percent(int most) {
        return new Kind<>("a percentage above 0% and at most " + most + "%, like 20%", text -> {
            Matcher percent = PERCENT.matcher(text);
            return percent.matches()
                    ? parseDouble(percent.group(1))
                            .filter(value -> value > 0 && value <= most)
                            .map(value -> value / 100)
                    : Optional.empty();
        });
    }

    static Kind<Double> positiveNumber() {
        return new Kind<>("a number above 0", text -> parseDouble(text).filter(value -> value > 0));
    }

    static Kind<Double> number() {
        return new Kind<>("a finite number", Kind::parseDouble);
    }

    static Kind<Long> whole(long from, long to) {
        String range = from == Long.MIN_VALUE ? "a whole number" : "a whole number, " + from + " to " + to;
        return new Kind<>(range, text -> parseLong(text).filter(value -> value >= from && value <= to));
    }

    /** A whole number among a learner's settings, which are all numbers. */
    static Kind<Double> wholeNumber(long from, long to) {
        Kind<Long> whole = whole(from, to);
        return new Kind<>(whole.expected(), text -> whole.parse().apply(text).map(Long::doubleValue));
    }

    static Kind<Duration> duration(Duration from, Duration to) {
        return new Kind<>(
                "a duration with its unit (us, ms, s, m, h, d), " + Units.show(from) + " to " + Units.show(to),
                text -> parseDuration(text).filter(value -> value.compareTo(from) >= 0 && value.compareTo(to) <= 0));
    }

    static <E extends Enum<E>> Kind<E> oneOf(E[] choices, Function<E, String> text) {
        return new Kind<>(
                "one of " + Arrays.stream(choices).map(text).collect(Collectors.joining(", ")),
                given -> Arrays.stream(choices)
                        .filter(choice -> text.apply(choice).equals(given))
                        .findFirst());
    }

    static Kind<String> keyOf(Map<String, ?> choices) {
        return new Kind<>(
                "one of " + String.join(", ", new TreeSet<>(choices.keySet())),
                given -> Optional.of(given).filter(choices::containsKey));
    }

    private static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), Units.ALL.get(matcher.group(2))));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> parseDouble(String text) {
        return Optional.of(text)
                .filter(given -> NUMBER.matcher(given).matches())
                .map(Double::parseDouble)
                .filter(Double::isFinite);
    }

    private static Optional<Long> parseLong(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
