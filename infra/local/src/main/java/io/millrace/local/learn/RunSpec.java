package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run learns by, as a spec: the one that was given, the saved one, or what flags amount to. Not thread-safe. */
final class RunSpec {
    /** What flags choose from. */
    record Columns(Sample sample, FeatureNames names, Set<String> reserved) {}

    private final LearnOptions options;
    private final @Nullable SavedModel from;
    private final Columns columns;
    private final Consumer<String> tell;

    /**
     * @param from what the run starts from, if not from nothing
     * @param tell receives what became of the columns
     */
    RunSpec(LearnOptions options, @Nullable SavedModel from, Columns columns, Consumer<String> tell) {
        this.options = options;
        this.from = from;
        this.columns = columns;
        this.tell = tell;
    }

    /**
     * The spec as text.
     *
     * @throws StartException with every problem of the flags that amount to it
     */
    String yaml() throws StartException {
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
                            : String.valueOf(options.data().getFileName()));
            return flags(pipeline, options.model());
        }
        FromSpec saved = new FromSpec(options.from(), from);
        Problems problems = new Problems();
        if (options.features().areGiven()) {
            problems.check(() -> requireFeatures(saved, from));
        }
        @Nullable
        String changed = options.model().isGiven() ? problems.gather(() -> saved.with(options.model())) : from.yaml();
        problems.throwIfAny();
        return Objects.requireNonNull(changed);
    }

    private void requireFeatures(FromSpec saved, SavedModel model) throws StartException {
        String loss = model.spec().model().loss().text();
        String flags = flags(model.spec().pipeline(), new LearnOptions.Model(loss, null, Map.of()));
        boolean wantsBase = ColumnPatterns.split(options.features().numeric()).contains(Sample.BASE);
        saved.requireFeatures(FlagSpec.read(flags), wantsBase ? Set.of() : Set.of(Sample.BASE));
    }

    /**
     * Reads the text.
     *
     * @throws StartException with every problem of it, and if it does not fit the saved model
     */
    PipelineSpec spec(String yaml) throws StartException {
        if (options.spec() == null) {
            return FlagSpec.read(yaml);
        }
        try {
            PipelineSpec spec = SpecReader.read(yaml, options.spec().toString());
            if (from != null && options.from() != null) {
                new FromSpec(options.from(), from).requireSame(spec);
            }
            return spec;
        } catch (SpecException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private String flags(String pipeline, LearnOptions.Model model) throws StartException {
        Sample sample = columns.sample();
        List<Problem> problems = FlagSpec.clashes(options.features(), sample);
        ChosenFeatures chosen =
                ChosenFeatures.of(options.features(), sample, options.time() != null, columns.reserved(), problems);
        if (chosen.kinds().isEmpty() && options.features().lags() == 0 && problems.isEmpty()) {
            problems.add(new Problem("features", "none", "at least one column beside the label's and the time's"));
        }
        if (!problems.isEmpty()) {
            Problems all = new Problems();
            all.addAll(problems);
            all.addAll(FlagSpec.problems(model));
            all.throwIfAny();
        }
        tell(chosen);
        return new FlagSpec(pipeline, options.features(), model, chosen, columns.names(), sample.hasBase()).text();
    }

    /** What each column became. */
    private void tell(ChosenFeatures chosen) {
        LearnOptions.Features flags = options.features();
        FeatureNames names = columns.names();
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

    private static String text(Path spec) throws StartException {
        try {
            return Files.readString(spec);
        } catch (IOException e) {
            throw new StartException("--spec: " + spec + ": " + IoReasons.of(e) + " (expected: a pipeline spec)", e);
        }
    }
}
