package io.millrace.local.learn;

import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Numbers;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Weight;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureVector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** From a column's value to a position of a vector, by the feature's kind. */
final class ColumnFillers {
    /** Between the elements of a list that is a text. */
    static final String SEPARATOR = "|";

    private ColumnFillers() {}

    static RowPlan.Filler of(Feature feature, int position, Column column) {
        return switch (feature.kind()) {
            case NUMERIC -> (row, out) -> numeric(row, column, position, out);
            case CATEGORICAL -> categorical(feature, position, column);
            case CATEGORICAL_SET -> set(feature, position, column);
            case SEQUENCE -> sequence(feature, position, column);
            case WEIGHTED_SET -> weighted(feature, position, column);
            case EMBEDDING -> (row, out) -> embedding(row, column, position, out);
        };
    }

    private static void numeric(Row row, Column column, int position, FeatureVector out) {
        OptionalDouble value = row.findNumber(column);
        if (value.isPresent()) {
            out.numeric(position, finite(row, column, value.getAsDouble()));
        }
    }

    private static RowPlan.Filler categorical(Feature feature, int position, Column column) {
        HashCache hashes = new HashCache(feature.name());
        return (row, out) -> {
            Optional<String> text = row.find(column);
            if (text.isPresent()) {
                out.categorical(position, hashes.hash(text.get()));
            }
        };
    }

    private static RowPlan.Filler set(Feature feature, int position, Column column) {
        HashCache hashes = new HashCache(feature.name());
        Distinct distinct = new Distinct();
        return (row, out) -> {
            List<String> texts = list(row, column);
            if (!texts.isEmpty()) {
                distinct.clear();
                texts.forEach(text -> distinct.add(hashes.hash(text), 1));
                out.hashes(position, distinct.sortedHashes());
            }
        };
    }

    private static RowPlan.Filler sequence(Feature feature, int position, Column column) {
        HashCache hashes = new HashCache(feature.name());
        return (row, out) -> {
            List<String> texts = list(row, column);
            if (!texts.isEmpty()) {
                out.hashes(position, texts.stream().mapToLong(hashes::hash).toArray());
            }
        };
    }

    private static RowPlan.Filler weighted(Feature feature, int position, Column column) {
        HashCache hashes = new HashCache(feature.name());
        Distinct distinct = new Distinct();
        return (row, out) -> {
            List<Weight> weights = bounded(row, column, row.weights(column));
            if (!weights.isEmpty()) {
                distinct.clear();
                for (Weight weight : weights) {
                    distinct.add(hashes.hash(weight.feature()), finite(row, column, weight.value()));
                }
                out.weightedSet(position, distinct.hashes(), distinct.weights());
            }
        };
    }

    private static void embedding(Row row, Column column, int position, FeatureVector out) {
        List<String> texts = list(row, column);
        if (!texts.isEmpty()) {
            float[] values = new float[texts.size()];
            for (int i = 0; i < values.length; i++) {
                String text = texts.get(i);
                OptionalDouble number = Numbers.parse(text);
                values[i] = finite(
                        row,
                        column,
                        number.orElseThrow(
                                () -> row.wrong(column, text, "finite numbers with " + SEPARATOR + " between them")));
            }
            out.embedding(position, values);
        }
    }

    private static List<String> list(Row row, Column column) {
        return bounded(row, column, row.scalars(column, SEPARATOR));
    }

    private static <T> List<T> bounded(Row row, Column column, List<T> elements) {
        if (elements.size() > FeatureVector.MAX_ELEMENTS) {
            throw row.wrong(
                    column, elements.size() + " elements", "at most " + FeatureVector.MAX_ELEMENTS + " elements");
        }
        return elements;
    }

    /** @throws DataException if a float cannot hold it */
    static float finite(Row row, Column column, double value) {
        float number = (float) value;
        if (!Float.isFinite(number)) {
            throw row.wrong(column, Double.toString(value), "a number of at most 3.4e38 in size");
        }
        return number;
    }
}
