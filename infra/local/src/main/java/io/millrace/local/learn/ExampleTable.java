package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.Weight;
import io.millrace.local.StartException;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The examples that {@link LearnRun} would learn from a file, with the texts and numbers that it would make vectors of: for
 * whoever gives the same examples to other learners, too. All weigh 1, and their labels are classes. Not thread-safe.
 */
public final class ExampleTable implements AutoCloseable {
    /** Receives an example value by value, and then its label. */
    public interface Receiver {
        /**
         * A value of a numeric feature.
         *
         * @param feature position in the feature set
         */
        void number(int feature, float value);

        /** An element of any other feature; different ones of one feature have different texts. */
        void element(int feature, String text, float weight);

        void end(boolean label);
    }

    private final Table table;
    private final Prepared prepared;

    private ExampleTable(Table table, Prepared prepared) {
        this.table = table;
        this.prepared = prepared;
    }

    /**
     * Opens a file.
     *
     * @param tell receives what became of the columns
     * @throws StartException if the options are wrong or do not fit the file, with every problem
     * @throws DataException if the file cannot be read
     */
    public static ExampleTable open(Path file, ExampleOptions options, Consumer<String> tell) throws StartException {
        LearnOptions all = LearnOptions.reading(file, options);
        Lags.check(options.features().lags());
        Table table = DataFile.open(file, options.format());
        try {
            Prepared prepared = Prepared.of(all, table, file.toString(), new Problems(), tell);
            for (Feature feature : prepared.spec().featureSet().features()) {
                if (feature.kind() == FeatureKind.EMBEDDING) {
                    throw new StartException(new Problem(
                                    "feature " + feature.name(),
                                    feature.kind().text(),
                                    "numbers, texts or sets of texts; --categorical and --numeric choose columns")
                            .toString());
                }
            }
            String offset = prepared.spec().model().offset();
            if (offset != null) {
                throw new StartException(
                        new Problem(offset, "an offset", "none: peers would have to be told of it").toString());
            }
            return new ExampleTable(table, prepared);
        } catch (StartException | RuntimeException e) {
            table.close();
            throw e;
        }
    }

    /** The spec that the options amount to. */
    public PipelineSpec spec() {
        return prepared.spec();
    }

    /** What is predicted, as it was given. */
    public String label() {
        return Objects.requireNonNull(prepared.label());
    }

    /**
     * Reads examples, in order; to be called once.
     *
     * @param most how many, the first ones
     * @throws DataException at the first row that is none
     */
    public void read(long most, Receiver receiver) {
        ExampleReader.Reading reading = prepared.reading();
        List<Feature> features = prepared.spec().featureSet().features();
        List<Optional<FeatureSource>> sources = reading.plan().sources();
        for (long i = 0; i < most && prepared.rows().hasNext(); i++) {
            Row row = prepared.rows().next();
            reading.time().read(row);
            double value = reading.target().label(row);
            if (Double.isNaN(value)) {
                throw row.wrong("label", "empty", "a label: what is measured are predictions of labels");
            }
            boolean label = value > 0;
            requireNoWeight(row);
            for (int f = 0; f < features.size(); f++) {
                if (sources.get(f).isPresent()) {
                    read(row, f, features.get(f).kind(), sources.get(f).get(), receiver);
                }
            }
            receiver.end(label);
            reading.lags().add(label ? 1 : 0);
        }
    }

    private void requireNoWeight(Row row) {
        Column importance = prepared.reading().importance();
        if (importance != null && row.findNumber(importance).orElse(1) != 1) {
            throw row.wrong(importance, row.text(importance), "1, or none: all examples weigh the same here");
        }
    }

    private void read(Row row, int feature, FeatureKind kind, FeatureSource source, Receiver receiver) {
        if (source instanceof FeatureSource.OfColumn of) {
            read(row, feature, kind, of.column(), receiver);
        } else if (source instanceof FeatureSource.OfTime of) {
            int value = of.derived().at(prepared.reading().time().micros());
            if (kind == FeatureKind.NUMERIC) {
                receiver.number(feature, value);
            } else {
                receiver.element(feature, Integer.toString(value), 1);
            }
        } else if (source instanceof FeatureSource.OfLabel of) {
            double label = prepared.reading().lags().label(of.k());
            if (!Double.isNaN(label)) {
                receiver.element(feature, Lags.text(label), 1);
            }
        }
    }

    private static void read(Row row, int feature, FeatureKind kind, Column column, Receiver receiver) {
        switch (kind) {
            case NUMERIC -> {
                OptionalDouble number = row.findNumber(column);
                if (number.isPresent()) {
                    receiver.number(feature, ColumnFillers.finite(row, column, number.getAsDouble()));
                }
            }
            case CATEGORICAL -> row.find(column).ifPresent(text -> receiver.element(feature, text, 1));
            case CATEGORICAL_SET, SEQUENCE ->
                row.scalars(column, ColumnFillers.SEPARATOR).stream()
                        .distinct()
                        .forEach(text -> receiver.element(feature, text, 1));
            case WEIGHTED_SET -> {
                Map<String, Float> sums = new LinkedHashMap<>();
                for (Weight weight : row.weights(column)) {
                    sums.merge(weight.feature(), ColumnFillers.finite(row, column, weight.value()), Float::sum);
                }
                sums.forEach((text, weight) -> receiver.element(feature, text, weight));
            }
            case EMBEDDING -> throw new IllegalStateException("embedding");
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
