package io.millrace.local.learn;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.local.StartException;
import io.millrace.trainer.learn.Prior;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file of weights that were learned elsewhere, put into a learner that has learned nothing. */
final class StartWeights {
    private static final Set<LearnerKind> LINEAR = Set.of(LearnerKind.FTRL, LearnerKind.NORMALIZED, LearnerKind.COIN);
    private static final List<String> COLUMNS = List.of("feature", "value", "weight", "confidence", "scale");

    private final PipelineSpec spec;
    private final ShardLearner learner;
    private final WeightPlace place;
    private final Map<Long, Long> lines = new HashMap<>();
    private final Map<Integer, Long> ids = new HashMap<>();
    private long lost;

    private StartWeights(PipelineSpec spec, ShardLearner learner) {
        this.spec = spec;
        this.learner = learner;
        this.place = new WeightPlace(spec);
    }

    /**
     * Reads weights until the file's end.
     *
     * @return what was read, as a sentence
     * @throws StartException if the learner cannot start with weights
     * @throws DataException at the first row that is none of the model's
     */
    static String read(Path file, PipelineSpec spec, ShardLearner learner) throws StartException {
        if (!LINEAR.contains(spec.model().learner())) {
            throw new StartException(new Problem(
                            "--weights",
                            "given with learner " + spec.model().learner().text(),
                            "--learner "
                                    + LINEAR.stream()
                                            .map(LearnerKind::text)
                                            .sorted()
                                            .collect(Collectors.joining(" or "))
                                    + ", whose rows are weights")
                    .toString());
        }
        if (spec.model().ids().exact()) {
            throw new StartException(
                    new Problem("--weights", "given with ids.table exact", "ids.table hashed").toString());
        }
        StartWeights weights = new StartWeights(spec, learner);
        try (Table table = DataFile.open(file, null)) {
            weights.read(table, file);
        }
        return "starts with " + LearnSummary.count(weights.lines.size() - weights.lost, "weight")
                + (weights.lost == 0
                        ? ""
                        : ", without " + LearnSummary.whole(weights.lost)
                                + " whose rows of the table were taken already: --set bits=N with more bits has room");
    }

    private void read(Table table, Path file) {
        for (String column : table.columns()) {
            if (!COLUMNS.contains(column)) {
                throw new DataException(new Problem(
                        file + ", line 1, column " + column, "unknown", Suggestion.expected(column, COLUMNS)));
            }
        }
        Column feature = table.column("feature");
        Column weight = table.column("weight");
        @Nullable Column value = optional(table, "value");
        @Nullable Column confidence = optional(table, "confidence");
        @Nullable Column scale = optional(table, "scale");
        for (Row row : table) {
            String name = row.text(feature);
            WeightPlace.Place at = find(row, name, value);
            Long before = lines.putIfAbsent(at.id(), row.line());
            if (before != null) {
                throw row.wrong(feature, named(row, name, value), "one weight each; line " + before + " has it, too");
            }
            Prior prior = prior(row, weight, confidence, scale, at);
            if (ids.putIfAbsent(at.row(), at.id()) == null) {
                start(row, weight, at, prior);
            } else {
                lost++;
            }
        }
    }

    private static @Nullable Column optional(Table table, String name) {
        return table.columns().isEmpty() || table.columns().contains(name) ? table.column(name) : null;
    }

    private WeightPlace.Place find(Row row, String feature, @Nullable Column value) {
        try {
            return place.find(feature, values(row, feature, value));
        } catch (WeightPlace.WrongException wrong) {
            throw row.wrong(wrong.column(), wrong.value(), wrong.expected());
        }
    }

    private static List<String> values(Row row, String feature, @Nullable Column value) {
        if (value == null) {
            return List.of();
        }
        return feature.contains("*")
                ? row.scalars(value, ColumnFillers.SEPARATOR)
                : row.find(value).map(List::of).orElse(List.of());
    }

    private static String named(Row row, String feature, @Nullable Column value) {
        List<String> values = values(row, feature, value);
        return values.isEmpty() ? feature : feature + " " + String.join(ColumnFillers.SEPARATOR, values);
    }

    private Prior prior(
            Row row, Column weight, @Nullable Column confidence, @Nullable Column scale, WeightPlace.Place at) {
        float number = ColumnFillers.finite(row, weight, row.number(weight));
        boolean hasScale = scale != null && row.findNumber(scale).isPresent();
        if (at.scaled() && !hasScale && spec.model().learner() != LearnerKind.FTRL) {
            throw row.wrong(
                    "scale",
                    "empty",
                    "the largest size of the feature's values, for learner "
                            + spec.model().learner().text());
        }
        return new Prior(number, positive(row, confidence), hasScale ? positive(row, scale) : 1);
    }

    /** 1 where there is none. */
    private static double positive(Row row, @Nullable Column column) {
        if (column == null || row.findNumber(column).isEmpty()) {
            return 1;
        }
        double number = row.number(column);
        if (!(number > 0 && number <= Float.MAX_VALUE)) {
            throw row.wrong(column, row.text(column), "a number above 0, of at most 3.4e38");
        }
        return number;
    }

    private void start(Row row, Column weight, WeightPlace.Place at, Prior prior) {
        try {
            learner.warmStart(at.row(), prior);
        } catch (IllegalArgumentException e) {
            throw row.wrong(weight, row.text(weight), "one that the learner can hold with such confidence and scale");
        }
    }
}
