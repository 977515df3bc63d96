package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file and flags, brought together: everything that is wrong with the two is found here, before anything is learned.
 *
 * @param yaml the spec as text
 * @param from what the learner starts from, if not from nothing
 * @param label what is predicted, as it was given; null where rows are predicted and have no label
 * @param rows all rows, those of the sample among them
 */
record Prepared(
        String yaml,
        PipelineSpec spec,
        @Nullable SavedModel from,
        @Nullable String label,
        Iterator<Row> rows,
        ExampleReader.Reading reading) {
    private static final String VW_LABEL = "label";
    private static final String VW_IMPORTANCE = "importance";

    /**
     * @param file how the table is called
     * @param problems what is known to be wrong with the flags
     * @param tell receives sentences for the user
     * @throws StartException with every problem of the flags
     */
    static Prepared of(LearnOptions options, Table table, String file, Problems problems, Consumer<String> tell)
            throws StartException {
        Iterator<Row> iteration = table.iterator();
        Sample sample = Sample.of(file, table, iteration, wantsBase(options));
        if (sample.rows().isEmpty()) {
            problems.add(new Problem(file, "no rows", "at least one row of data"));
            problems.throwIfAny();
        }
        Set<String> known = new LinkedHashSet<>(sample.columns());
        if (sample.isVw()) {
            known.addAll(List.of(VW_LABEL, VW_IMPORTANCE));
        }
        @Nullable LabelExpression label = label(options, sample, known, problems);
        boolean hasTime = options.time() != null && hasColumn("--time", options.time(), sample, known, "", problems);
        FeatureNames names = FeatureNames.of(sample.columns());
        Set<String> reserved = new HashSet<>();
        Stream.of(Optional.ofNullable(label).map(LabelExpression::column), Optional.ofNullable(options.time()))
                .flatMap(Optional::stream)
                .forEach(reserved::add);
        @Nullable
        SavedModel from = options.from() == null ? null : problems.gather(() -> SavedModel.read(options.from()));
        List<String> became = new ArrayList<>();
        RunSpec says = new RunSpec(options, from, new RunSpec.Columns(sample, names, reserved), became::add);
        @Nullable String yaml = options.from() != null && from == null ? null : problems.gather(says::yaml);
        @Nullable PipelineSpec spec = yaml == null ? null : problems.gather(() -> says.spec(yaml));
        if (yaml == null || spec == null) {
            problems.throwIfAny();
            throw new IllegalStateException("no spec, and nothing wrong");
        }
        int lagged = RowPlan.lags(spec, names);
        Lags lags = new Lags(lagged, problems.areNone() ? options.delay() : 0);
        if (from != null) {
            problems.check(() -> from.labels(lagged).forEach(lags::add));
        }
        EventTime time = hasTime ? time(options, table, sample) : EventTime.none();
        List<Problem> unbound = new ArrayList<>();
        RowPlan plan = RowPlan.bind(
                spec, new RowPlan.Source(table, sample, names, time, options.time() != null, lags), reserved, unbound);
        problems.addAll(unbound);
        problems.throwIfAny();
        became.forEach(tell);
        tellLeftOut(table, plan, options, tell);
        @Nullable Column importance = sample.isVw() ? table.column(VW_IMPORTANCE) : null;
        @Nullable Column noBase = sample.isVw() && !plan.reads(Sample.BASE) ? table.column(Sample.BASE) : null;
        return new Prepared(
                yaml,
                spec,
                from,
                label == null ? null : Objects.requireNonNullElse(options.label(), VW_LABEL),
                all(sample.rows(), iteration),
                new ExampleReader.Reading(
                        plan, target(label, options, table, sample, spec), time, lags, importance, noBase));
    }

    private static void tellLeftOut(Table table, RowPlan plan, LearnOptions options, Consumer<String> tell) {
        if (!table.unnamed().isEmpty()) {
            tell.accept("left out: " + (table.unnamed().size() == 1 ? "column " : "columns ")
                    + table.unnamed().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + ", without a name in the header");
        }
        if (!plan.missing().isEmpty() && options.spec() != null) {
            tell.accept("missing from the file, and left so: " + String.join(", ", plan.missing()));
        }
    }

    /** Rows need no label where a saved model predicts them, and where the format knows rows without. */
    private static Target target(
            @Nullable LabelExpression label, LearnOptions options, Table table, Sample sample, PipelineSpec spec) {
        return label == null
                ? Target.none()
                : new Target(
                        label,
                        table.column(label.column()),
                        sample.isVw() && label.column().equals(VW_LABEL) || predictsSaved(options),
                        spec.model().loss(),
                        sample.values(label.column(), 3));
    }

    private static boolean predictsSaved(LearnOptions options) {
        return options.from() != null && options.predictions() != null;
    }

    /** What is predicted; null where it is wrong, or where a saved model only predicts. */
    private static @Nullable LabelExpression label(
            LearnOptions options, Sample sample, Set<String> known, Problems problems) {
        if (options.label() == null && !sample.isVw()) {
            if (!predictsSaved(options)) {
                problems.add(Problem.missing(
                        "--label",
                        LabelExpression.EXPECTED
                                + (options.from() == null ? "" : "; or --predictions, to predict rows without one")));
            }
            return null;
        }
        String given = Objects.requireNonNullElse(options.label(), VW_LABEL);
        @Nullable LabelExpression label = problems.gather(() -> LabelExpression.parse(given, known));
        String hint = predictsSaved(options) ? "; without --label, all rows are predicted only" : "";
        return label != null && hasColumn("--label", label.column(), sample, known, hint, problems) ? label : null;
    }

    private static boolean hasColumn(
            String flag, String column, Sample sample, Set<String> known, String hint, Problems problems) {
        if (!known.contains(column)) {
            problems.add(
                    ColumnPatterns.missing(sample.place(), column, known, flag + " names it" + hint + sample.hint()));
        }
        return known.contains(column);
    }

    /** Whether initial predictions are asked for, even where the first rows have none. */
    private static boolean wantsBase(LearnOptions options) {
        return options.spec() != null
                || options.from() != null
                || ColumnPatterns.split(options.features().numeric()).contains(Sample.BASE);
    }

    private static EventTime time(LearnOptions options, Table table, Sample sample) {
        if (options.time() == null) {
            return EventTime.none();
        }
        Set<String> values = sample.values(options.time(), 1);
        return EventTime.of(
                table.column(options.time()),
                values.isEmpty() ? "" : values.iterator().next());
    }

    private static Iterator<Row> all(List<Row> first, Iterator<Row> rest) {
        Iterator<Row> begun = first.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return begun.hasNext() || rest.hasNext();
            }

            @Override
            public Row next() {
                return begun.hasNext() ? begun.next() : rest.next();
            }
        };
    }

    static Stream<String> flagsBesideSpec(LearnOptions options) {
        Map<String, Boolean> given = new LinkedHashMap<>();
        LearnOptions.Features features = options.features();
        given.put("--categorical", !features.categorical().isEmpty());
        given.put("--numeric", !features.numeric().isEmpty());
        given.put("--cross", !features.crosses().isEmpty());
        given.put("--bin", !features.bins().isEmpty());
        given.put("--lag-label", features.lags() > 0);
        given.put("--loss", options.model().loss() != null);
        given.put("--learner", options.model().learner() != null);
        given.put("--set", !options.model().settings().isEmpty());
        return given.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey);
    }
}
