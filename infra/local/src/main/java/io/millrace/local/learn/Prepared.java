package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * @param rows all rows, those of the sample among them
 */
record Prepared(
        String yaml,
        PipelineSpec spec,
        @Nullable SavedModel from,
        String label,
        Iterator<Row> rows,
        ExampleReader.Reading reading) {
    private static final String VW_LABEL = "label";
    private static final String VW_IMPORTANCE = "importance";

    /**
     * @param file how the table is called
     * @param tell receives sentences for the user
     * @throws StartException with every problem of the flags
     */
    static Prepared of(LearnOptions options, Table table, String file, Consumer<String> tell) throws StartException {
        Iterator<Row> iteration = table.iterator();
        Sample sample = Sample.of(file, table, iteration, wantsBase(options));
        if (sample.rows().isEmpty()) {
            throw new StartException(new Problem(file, "no rows", "at least one row of data").toString());
        }
        Set<String> known = new LinkedHashSet<>(sample.columns());
        if (sample.isVw()) {
            known.addAll(List.of(VW_LABEL, VW_IMPORTANCE));
        }
        LabelExpression label = label(options, sample, known);
        requireColumn("--label", label.column(), sample, known);
        if (options.time() != null) {
            requireColumn("--time", options.time(), sample, known);
        }
        FeatureNames names = FeatureNames.of(sample.columns());
        Set<String> reserved = new HashSet<>(Set.of(label.column()));
        if (options.time() != null) {
            reserved.add(options.time());
        }
        @Nullable SavedModel from = options.from() == null ? null : SavedModel.read(options.from());
        List<String> became = new ArrayList<>();
        String yaml = yaml(options, from, file, sample, names, reserved, became::add);
        PipelineSpec spec = options.spec() == null
                ? FlagSpec.read(yaml)
                : SpecReader.read(yaml, options.spec().toString());
        if (from != null && options.from() != null && options.spec() != null) {
            new FromSpec(options.from(), from).requireSame(spec);
        }
        int lagged = RowPlan.lags(spec, names);
        Lags lags = new Lags(lagged, options.delay());
        if (from != null) {
            from.labels(lagged).forEach(lags::add);
        }
        EventTime time = time(options, table, sample);
        RowPlan plan =
                plan(spec, new RowPlan.Source(table, sample, names, time, options.time() != null, lags), reserved);
        became.forEach(tell);
        if (!plan.missing().isEmpty() && options.spec() != null) {
            tell.accept("missing from the file, and left so: " + String.join(", ", plan.missing()));
        }
        Target target = new Target(
                label,
                table.column(label.column()),
                sample.isVw() && label.column().equals(VW_LABEL),
                spec.model().loss(),
                sample.values(label.column(), 3));
        @Nullable Column importance = sample.isVw() ? table.column(VW_IMPORTANCE) : null;
        @Nullable Column noBase = sample.isVw() && !plan.reads(Sample.BASE) ? table.column(Sample.BASE) : null;
        return new Prepared(
                yaml,
                spec,
                from,
                options.label() == null ? VW_LABEL : options.label(),
                all(sample.rows(), iteration),
                new ExampleReader.Reading(plan, target, time, lags, importance, noBase));
    }

    private static LabelExpression label(LearnOptions options, Sample sample, Set<String> known) throws StartException {
        if (options.label() == null && !sample.isVw()) {
            throw new StartException(
                    Problem.missing("--label", LabelExpression.EXPECTED).toString());
        }
        return LabelExpression.parse(options.label() == null ? VW_LABEL : options.label(), known);
    }

    private static void requireColumn(String flag, String column, Sample sample, Set<String> known)
            throws StartException {
        if (!known.contains(column)) {
            throw new StartException(ColumnPatterns.missing(sample.place(), column, known, flag + " names it")
                    .toString());
        }
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

    private static String yaml(
            LearnOptions options,
            @Nullable SavedModel from,
            String file,
            Sample sample,
            FeatureNames names,
            Set<String> reserved,
            Consumer<String> tell)
            throws StartException {
        if (options.spec() != null) {
            return text(options.spec());
        }
        if (from != null && !options.features().areGiven() && !options.model().isGiven()) {
            return from.yaml();
        }
        if (from == null || options.from() == null) {
            String pipeline = FlagSpec.pipeline(
                    DataFile.isStream(options.data())
                            ? "learned"
                            : String.valueOf(Path.of(file).getFileName()));
            return flags(pipeline, options, options.model(), sample, names, reserved, tell);
        }
        FromSpec saved = new FromSpec(options.from(), from);
        if (options.features().areGiven()) {
            String loss = from.spec().model().loss().text();
            String flags = flags(
                    from.spec().pipeline(),
                    options,
                    new LearnOptions.Model(loss, null, Map.of()),
                    sample,
                    names,
                    reserved,
                    tell);
            boolean wantsBase =
                    ColumnPatterns.split(options.features().numeric()).contains(Sample.BASE);
            saved.requireFeatures(FlagSpec.read(flags), wantsBase ? Set.of() : Set.of(Sample.BASE));
        }
        return options.model().isGiven() ? saved.with(options.model()) : from.yaml();
    }

    private static String flags(
            String pipeline,
            LearnOptions options,
            LearnOptions.Model model,
            Sample sample,
            FeatureNames names,
            Set<String> reserved,
            Consumer<String> tell)
            throws StartException {
        List<Problem> problems = FlagSpec.clashes(options.features(), sample);
        ChosenFeatures chosen =
                ChosenFeatures.of(options.features(), sample, options.time() != null, reserved, problems);
        if (chosen.kinds().isEmpty() && options.features().lags() == 0 && problems.isEmpty()) {
            problems.add(new Problem("features", "none", "at least one column beside the label's and the time's"));
        }
        throwIfAny(problems);
        tell(chosen, options.features(), names, tell);
        return new FlagSpec(pipeline, options.features(), model, chosen, names, sample.hasBase()).text();
    }

    /** What each column became. */
    private static void tell(
            ChosenFeatures chosen, LearnOptions.Features flags, FeatureNames names, Consumer<String> tell) {
        Map<FeatureKind, List<String>> byKind = new LinkedHashMap<>();
        chosen.kinds()
                .forEach((column, kind) -> byKind.computeIfAbsent(kind, any -> new ArrayList<>())
                        .add(column
                                + (chosen.bins().containsKey(column)
                                        ? " (" + bins(chosen.bins().get(column)) + ")"
                                        : "")));
        boolean isInferred = flags.categorical().isEmpty() && flags.numeric().isEmpty();
        byKind.forEach((kind, columns) -> tell.accept(
                kind.text() + ": " + String.join(", ", columns) + (isInferred ? ", by the first rows" : "")));
        if (!chosen.leftOut().isEmpty()) {
            tell.accept("left out: " + String.join(", ", chosen.leftOut())
                    + (isInferred ? ", empty in the first rows" : ""));
        }
        List<String> renamed = names.renamed(chosen.kinds().keySet());
        if (!renamed.isEmpty()) {
            tell.accept("renamed: "
                    + renamed.stream()
                            .map(column -> column + " is the feature " + names.feature(column))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String bins(String how) {
        return how.equals("quantiles") ? "in quantile bins" : "in steps of " + how;
    }

    private static RowPlan plan(PipelineSpec spec, RowPlan.Source source, Set<String> reserved) throws StartException {
        List<Problem> problems = new ArrayList<>();
        RowPlan plan = RowPlan.bind(spec, source, reserved, problems);
        throwIfAny(problems);
        return plan;
    }

    private static void throwIfAny(List<Problem> problems) throws StartException {
        if (!problems.isEmpty()) {
            throw new StartException(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    private static String text(Path spec) throws StartException {
        try {
            return Files.readString(spec);
        } catch (IOException e) {
            throw new StartException("--spec: " + spec + ": " + IoReasons.of(e) + " (expected: a pipeline spec)", e);
        }
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
