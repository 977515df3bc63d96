package io.millrace.local.learn;

import io.millrace.ingestion.table.Numbers;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From the flags about features to kinds, bins and crosses, all by the names of columns. What is binned or crossed is a
 * feature whether it was named or not. Not thread-safe.
 */
final class ChosenFeatures {
    private static final String ITEM = "item";

    private final LearnOptions.Features flags;
    private final Sample sample;
    private final boolean hasTime;
    private final Set<String> reserved;
    private final List<String> candidates;
    private final List<Problem> problems;
    private final Map<String, FeatureKind> kinds = new LinkedHashMap<>();
    private final Map<String, String> bins = new LinkedHashMap<>();
    private final List<List<String>> crosses = new ArrayList<>();

    private ChosenFeatures(
            LearnOptions.Features flags, Sample sample, boolean hasTime, Set<String> reserved, List<Problem> problems) {
        this.flags = flags;
        this.sample = sample;
        this.hasTime = hasTime;
        this.reserved = reserved;
        this.candidates = sample.columns().stream()
                .filter(column -> !reserved.contains(column))
                .toList();
        this.problems = problems;
    }

    /**
     * @param hasTime whether hour and weekday can be derived
     * @param reserved columns that are no features: the label's, the time's
     * @param problems receives what is wrong with the flags
     */
    static ChosenFeatures of(
            LearnOptions.Features flags, Sample sample, boolean hasTime, Set<String> reserved, List<Problem> problems) {
        ChosenFeatures chosen = new ChosenFeatures(flags, sample, hasTime, reserved, problems);
        chosen.choose();
        return chosen;
    }

    /** Every feature but the lags, in the order of the columns, those that are derived last. */
    Map<String, FeatureKind> kinds() {
        Map<String, FeatureKind> ordered = new LinkedHashMap<>();
        Stream.concat(sample.columns().stream(), DerivedFeature.names().stream())
                .filter(kinds::containsKey)
                .forEach(column -> ordered.put(column, kinds.get(column)));
        return ordered;
    }

    /** Of binned features, the bins as a spec has them. */
    Map<String, String> bins() {
        return bins;
    }

    List<List<String>> crosses() {
        return crosses;
    }

    /** Columns that could have been features and are not. */
    List<String> leftOut() {
        return candidates.stream().filter(column -> !kinds.containsKey(column)).toList();
    }

    private void choose() {
        List<String> categorical = ColumnPatterns.split(flags.categorical());
        List<String> numeric = ColumnPatterns.split(flags.numeric());
        if (categorical.isEmpty() && numeric.isEmpty()) {
            candidates.forEach(column -> kind(column).ifPresent(kind -> kinds.put(column, kind)));
        } else {
            Set<String> names = names("--numeric", numeric, candidates);
            names.forEach(column -> kinds.put(column, FeatureKind.NUMERIC));
            for (String column : names("--categorical", categorical, candidates)) {
                boolean isClash = kinds.containsKey(column) && categorical.contains(column);
                if (isClash && numeric.contains(column)) {
                    problems.add(new Problem("--categorical", column, "a column that --numeric does not name, too"));
                }
                if (isClash || !kinds.containsKey(column)) {
                    kinds.put(column, categorical(column));
                }
            }
        }
        if (sample.hasBase()) {
            kinds.put(Sample.BASE, FeatureKind.NUMERIC);
        }
        ColumnPatterns.split(flags.bins()).forEach(this::bin);
        ColumnPatterns.split(flags.crosses()).forEach(this::cross);
    }

    private Set<String> names(String flag, List<String> patterns, List<String> globbed) {
        Set<String> known = new LinkedHashSet<>(candidates);
        if (hasTime) {
            known.addAll(DerivedFeature.names());
        }
        List<String> sound = new ArrayList<>();
        for (String pattern : patterns) {
            if (reserved.contains(pattern)) {
                problems.add(new Problem(flag, pattern, "no column that is the label or the time"));
            } else {
                Optional<Problem> needsTime = needsTime(flag, pattern);
                needsTime.ifPresentOrElse(problems::add, () -> sound.add(pattern));
            }
        }
        return ColumnPatterns.expand(sample.place(), flag, sound, globbed, known, problems::add);
    }

    private Optional<Problem> needsTime(String flag, String name) {
        boolean isNeeded = DerivedFeature.of(name).isPresent()
                && !hasTime
                && !sample.columns().contains(name);
        return isNeeded
                ? Optional.of(new Problem(flag, name, "a column, or --time, from which it is derived"))
                : Optional.empty();
    }

    private Optional<FeatureKind> kind(String column) {
        if (!sample.columns().contains(column)) {
            return Optional.of(FeatureKind.CATEGORICAL);
        }
        return sample.kind(column)
                .map(kind -> column.equals(ITEM) && kind == FeatureKind.NUMERIC ? FeatureKind.CATEGORICAL : kind);
    }

    private FeatureKind categorical(String column) {
        return kind(column)
                .filter(kind -> kind == FeatureKind.CATEGORICAL_SET || kind == FeatureKind.WEIGHTED_SET)
                .orElse(FeatureKind.CATEGORICAL);
    }

    private void bin(String given) {
        int colon = candidates.contains(given) ? -1 : given.lastIndexOf(':');
        String name = colon < 0 ? given : given.substring(0, colon).strip();
        String how = colon < 0 ? "quantiles" : given.substring(colon + 1).strip();
        boolean isSound = how.equals("quantiles") || Numbers.parse(how).stream().anyMatch(width -> width > 0);
        if (!isSound) {
            problems.add(new Problem("--bin", given, "NAME, or NAME:WIDTH with a width above 0"));
            return;
        }
        List<String> numeric = candidates.stream()
                .filter(column ->
                        kinds.getOrDefault(column, kind(column).orElse(FeatureKind.NUMERIC)) == FeatureKind.NUMERIC)
                .toList();
        for (String column : names("--bin", List.of(name), numeric)) {
            FeatureKind kind = kinds.getOrDefault(column, FeatureKind.NUMERIC);
            if (kind != FeatureKind.NUMERIC || !sample.columns().contains(column)) {
                problems.add(new Problem("--bin", column + " is " + kind.text(), "a numeric column"));
            } else {
                kinds.put(column, FeatureKind.NUMERIC);
                bins.put(column, how);
            }
        }
    }

    private void cross(String given) {
        List<String> parts =
                Stream.of(given.split("\\*", -1)).map(String::strip).toList();
        if (parts.size() < 2 || parts.size() > 4 || Set.copyOf(parts).size() < parts.size()) {
            problems.add(new Problem("--cross", given, "2 to 4 different names with * between them"));
            return;
        }
        for (String part : parts) {
            boolean isLag = Lags.of(part).filter(k -> k <= flags.lags()).isPresent();
            if (!isLag && !kinds.containsKey(part)) {
                for (String column : names("--cross", List.of(part), List.of())) {
                    kinds.put(column, kind(column).orElse(FeatureKind.CATEGORICAL));
                }
            }
        }
        crosses.add(parts);
    }
}
