package io.millrace.local.learn;

import io.millrace.features.spec.LearnerKind;
import io.millrace.ingestion.table.TableFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run in this process, put together flag by flag. */
final class TestingRun {
    private final Path data;
    private final List<String> told = new ArrayList<>();
    private @Nullable String label;
    private @Nullable String time;
    private @Nullable TableFormat format;
    private @Nullable Path spec;
    private @Nullable Path from;
    private @Nullable Path weights;
    private @Nullable Path save;
    private @Nullable Path predictions;
    private @Nullable Path report;
    private LearnOptions.Features features = new LearnOptions.Features(List.of(), List.of(), List.of(), List.of(), 0);
    private LearnOptions.Model model = new LearnOptions.Model(null, "ftrl", Map.of("bits", "12"));
    private long limit = Long.MAX_VALUE;
    private int delay;
    private boolean skipsBadRows;

    TestingRun(Path data, @Nullable String label) {
        this.data = data;
        this.label = label;
    }

    TestingRun format(@Nullable TableFormat told) {
        format = told;
        return this;
    }

    TestingRun time(String column) {
        time = column;
        return this;
    }

    TestingRun features(String categorical, String numeric, List<String> crosses, List<String> bins, int lags) {
        features = new LearnOptions.Features(
                categorical.isEmpty() ? List.of() : List.of(categorical),
                numeric.isEmpty() ? List.of() : List.of(numeric),
                crosses,
                bins,
                lags);
        return this;
    }

    TestingRun model(@Nullable String loss, Map<String, String> settings) {
        model = new LearnOptions.Model(loss, "ftrl", settings);
        return this;
    }

    TestingRun set(Map<String, String> settings) {
        model = new LearnOptions.Model(null, null, settings);
        return this;
    }

    TestingRun learner(LearnerKind kind) {
        return learner(kind, Map.of("bits", "12"));
    }

    TestingRun learner(LearnerKind kind, Map<String, String> settings) {
        model = new LearnOptions.Model(null, kind.text(), settings);
        return this;
    }

    TestingRun spec(Path file) {
        spec = file;
        model = new LearnOptions.Model(null, null, Map.of());
        return this;
    }

    TestingRun from(Path directory) {
        from = directory;
        model = new LearnOptions.Model(null, null, Map.of());
        return this;
    }

    TestingRun weights(Path file) {
        weights = file;
        return this;
    }

    TestingRun save(Path directory) {
        save = directory;
        return this;
    }

    TestingRun predictions(Path file) {
        predictions = file;
        return this;
    }

    TestingRun report(Path file) {
        report = file;
        return this;
    }

    TestingRun limit(long rows) {
        limit = rows;
        return this;
    }

    TestingRun delay(int examples) {
        delay = examples;
        return this;
    }

    TestingRun skipsBadRows() {
        skipsBadRows = true;
        return this;
    }

    /** What standard error was told. */
    List<String> told() {
        return told;
    }

    LearnReport run() throws Exception {
        LearnOptions options = new LearnOptions(
                data,
                format,
                label,
                time,
                features,
                model,
                spec,
                from,
                weights,
                save,
                predictions,
                report,
                limit,
                delay,
                skipsBadRows);
        return new LearnRun(options, told::add, () -> 0).run();
    }
}
