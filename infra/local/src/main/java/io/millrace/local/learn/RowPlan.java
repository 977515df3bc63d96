package io.millrace.local.learn;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a row of one table becomes a vector of a spec's feature set: a filler for each position, in order. Not thread-safe. */
final class RowPlan {
    /** Puts one feature of a row into a vector; a value that is empty stays missing. */
    @FunctionalInterface
    interface Filler {
        /** @throws DataException if the value is not of the feature's kind */
        void fill(Row row, FeatureVector out);
    }

    private final List<Filler> fillers;
    private final List<Optional<FeatureSource>> sources;
    private final List<String> missing;

    private RowPlan(List<Filler> fillers, List<Optional<FeatureSource>> sources, List<String> missing) {
        this.fillers = List.copyOf(fillers);
        this.sources = List.copyOf(sources);
        this.missing = List.copyOf(missing);
    }

    /** What rows are bound to. */
    record Source(Table table, Sample sample, FeatureNames names, EventTime time, boolean hasTime, Lags lags) {}

    /** How many of the last labels a spec's features ask for. */
    static int lags(PipelineSpec spec, FeatureNames names) {
        return spec.featureSet().features().stream()
                .filter(feature -> names.column(feature.name()).isEmpty())
                .mapToInt(feature -> Lags.of(feature.name()).orElse(0))
                .max()
                .orElse(0);
    }

    /**
     * Finds for each feature its column: the one of its name, or else what is derived of time and labels. The subject may be
     * missing; where each row has its own columns, everything may.
     *
     * @param reserved columns that are no features: the label's, the time's
     * @param problems receives every feature that nothing in the table stands for
     */
    static RowPlan bind(PipelineSpec spec, Source source, Set<String> reserved, List<Problem> problems) {
        List<Filler> fillers = new ArrayList<>();
        List<Optional<FeatureSource>> sources = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>(source.sample().columns());
        known.removeAll(reserved);
        List<Feature> features = spec.featureSet().features();
        for (int position = 0; position < features.size(); position++) {
            Feature feature = features.get(position);
            Optional<FeatureSource> from = FeatureSource.of(feature, source, reserved);
            sources.add(from);
            if (from.isPresent()) {
                fillers.add(filler(feature, position, from.get(), source));
            } else if (feature.name().equals(spec.decision().subject())
                    || source.sample().isOpen()) {
                missing.add(feature.name());
            } else {
                problems.add(ColumnPatterns.missing(
                        source.sample().place(), feature.name(), known, "it is a feature of the spec"));
            }
        }
        return new RowPlan(fillers, sources, missing);
    }

    private static Filler filler(Feature feature, int position, FeatureSource from, Source source) {
        if (from instanceof FeatureSource.OfColumn of) {
            return ColumnFillers.of(feature, position, of.column());
        }
        return from instanceof FeatureSource.OfTime of
                ? derived(feature, position, of.derived(), source.time())
                : lag(feature, position, ((FeatureSource.OfLabel) from).k(), source.lags());
    }

    private static Filler derived(Feature feature, int position, DerivedFeature derived, EventTime time) {
        FeatureHash hash = FeatureHash.of(feature.name());
        long[] hashes = new long[derived.size()];
        for (int value = 0; value < hashes.length; value++) {
            hashes[value] = hash.hash(Integer.toString(value));
        }
        return feature.kind() == FeatureKind.NUMERIC
                ? (row, out) -> out.numeric(position, derived.at(time.micros()))
                : (row, out) -> out.categorical(position, hashes[derived.at(time.micros())]);
    }

    private static Filler lag(Feature feature, int position, int k, Lags lags) {
        HashCache hashes = new HashCache(feature.name());
        boolean isNumeric = feature.kind() == FeatureKind.NUMERIC;
        return (row, out) -> {
            double label = lags.label(k);
            if (!Double.isNaN(label)) {
                if (isNumeric) {
                    out.numeric(position, (float) label);
                } else {
                    out.categorical(position, hashes.hash(Lags.text(label)));
                }
            }
        };
    }

    /** For each feature, what its values are made of; nothing for those that no row has. */
    List<Optional<FeatureSource>> sources() {
        return sources;
    }

    /** Whether a feature is made of a column. */
    boolean reads(String column) {
        return sources.stream()
                .flatMap(Optional::stream)
                .anyMatch(source -> source instanceof FeatureSource.OfColumn of
                        && of.column().name().equals(column));
    }

    /** Features that no row has. */
    List<String> missing() {
        return missing;
    }

    /**
     * Replaces a vector's content by a row.
     *
     * @throws DataException if a value of the row is not of its feature's kind
     */
    void fill(Row row, FeatureVector out) {
        out.clear();
        for (Filler filler : fillers) {
            filler.fill(row, out);
        }
    }
}
