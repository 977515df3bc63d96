package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reference page of the spec, made from the settings' declarations. */
final class SpecReference {
    /** A whole spec, for the page. */
    static final String EXAMPLE = """
            pipeline: movies
            decision:
              subject: user
              context:
                hour: categorical
              candidate:
                item: categorical
                genres: categorical_set
                age_days: numeric
              slots: 3
            feedback:
              reward: {click: 1.0, like: 2.0}
              final: [rating, dismiss]
              window: 30m
              late: 7d
            events:
              view: {entities: [user, item], values: {seconds: numeric}}
            features:
              item_likes: {rate: label, where: reward > 0, per: label, by: item, half_life: 7d, as: log_odds}
              seen_lately: {count: view, by: user, window: 1d, where: seconds > 30}
            crosses:
              - [user, genres]
              - [hour, genres]
            model:
              learner: ftrl
              bits: 22
              alpha: 0.1
            policy:
              explore: epsilon_greedy
              epsilon: 0.05
              control: 0.1
              popularity: {share: 0.1, by: item}
            snapshot:
              every: 100ms
            """;

    private SpecReference() {}

    /** The page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                <!-- Made from the settings' declarations (io.millrace.features.spec.Settings); SpecReferenceTest says how. -->
                # The pipeline spec

                One YAML file that every component reads. It is read strictly: an unknown or repeated key, a wrong unit or a
                contradiction is an error, and all errors of a file are reported at once, each as
                `file:line:column: setting: value (expected: ...)`.

                A name consists of letters, digits, `_`, `.` and `-`, and does not start with a digit. A duration has its unit:
                `us`, `ms`, `s`, `m`, `h` or `d`, and no fraction. Where to find Kafka is deployment and does not stand here.

                ## A complete example

                ```yaml
                """);
        page.append(EXAMPLE).append("```\n");
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        for (Entry entry : Settings.all()) {
            sections.computeIfAbsent(entry.parent(), SpecReference::heading).append(row(entry));
        }
        sections.forEach((name, section) -> {
            page.append(section);
            if (name.equals("decision")) {
                page.append(kinds());
            } else if (name.equals("features.NAME")) {
                page.append(functions());
            } else if (name.equals("model")) {
                for (LearnerKind learner : LearnerKind.values()) {
                    page.append(learner(learner.text(), Settings.LEARNERS.get(learner)));
                }
            }
        });
        return page.toString();
    }

    private static StringBuilder heading(String section) {
        return new StringBuilder(section.isEmpty() ? "\n## At the top\n\n" : "\n## `" + section + "`\n\n")
                .append(tableHead());
    }

    private static String learner(String name, List<Setting<Double>> settings) {
        StringBuilder table = new StringBuilder("\n### Settings of the learner `" + name + "`\n\n").append(tableHead());
        settings.forEach(setting -> table.append(row(setting)));
        return table.toString();
    }

    private static String tableHead() {
        return """
                | setting | default | expected | what it does |
                |---|---|---|---|
                """;
    }

    private static String row(Entry entry) {
        String initial = entry.isRequired() ? "must be given" : "`" + entry.initial() + "`";
        return "| `" + entry.key() + "` | " + initial + " | " + cell(entry.expected()) + " | " + cell(entry.text())
                + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String functions() {
        StringBuilder table = new StringBuilder("""

                ### Functions

                Fields of feedback and of `label` are `reward`, `slot`, `arm`, `item` and the decision's own features, of feedback `value`
                as well; a label is given once for each slot that was shown, when its window closes or a final feedback closes it. What late
                feedback then does to it is [told by function](features.md#when-a-label-was-wrong).

                | function | of | value for one entity |
                |---|---|---|
                """);
        for (AggregateFunction function : AggregateFunction.values()) {
            table.append("| `")
                    .append(function.text())
                    .append("` | ")
                    .append(
                            switch (function.takes()) {
                                case NOTHING -> "a kind";
                                case NUMBER -> "a numeric field";
                                case CATEGORY -> "a categorical field or set";
                            })
                    .append(" | ")
                    .append(value(function))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String value(AggregateFunction function) {
        return switch (function) {
            case COUNT -> "how many; 0 where there is none";
            case SUM -> "the sum; 0 where there is none";
            case MEAN -> "the mean";
            case MIN -> "the smallest";
            case MAX -> "the largest";
            case LAST -> "the latest, by event time";
            case RATE -> "how many of it for each of `per`, smoothed by `prior`";
            case DISTINCT -> "how many different ones: exact up to 256, beyond within 2.3 % (standard error)";
            case QUANTILE -> "the quantile `q`, within 1 % of its value";
            case TOP_K -> "the `k` most frequent, as a set; exact up to 384 different ones";
            case LAST_K -> "the latest `k`, as a sequence";
            case COUNT_BY ->
                "how many of each, as a weighted set; beyond 1,000 different ones, one that is new takes the place and the count of the rarest";
            case AGE -> "seconds since the first";
            case SINCE_LAST -> "seconds since the latest";
        };
    }

    private static String kinds() {
        StringBuilder table = new StringBuilder("""

                ### Kinds of features

                Any feature may be missing: absent or null.

                | kind | value in a request |
                |---|---|
                """);
        for (FeatureKind kind : FeatureKind.values()) {
            table.append("| `")
                    .append(kind.text())
                    .append("` | ")
                    .append(value(kind))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String value(FeatureKind kind) {
        return switch (kind) {
            case NUMERIC ->
                "a finite number x; where it has no bins, `auto` sees bins of it and its standard score, `normalized` x"
                        + " itself, other learners sgn(x) ln(1 + abs(x))";
            case CATEGORICAL -> "a string, a whole number or a boolean; `7` and `\"7\"` are the same";
            case CATEGORICAL_SET -> "a list of these, in any order; repeats count once";
            case WEIGHTED_SET -> "an object: each key a categorical, its value a finite weight";
            case SEQUENCE -> "a list of categoricals, latest last; repeats count";
            case EMBEDDING -> "a list of finite numbers";
        };
    }
}
