package io.millrace.local.learn;

import io.millrace.ingestion.table.Column;
import io.millrace.vector.Feature;
import java.util.Optional;
import java.util.Set;

/** What a row's value of a feature is made of. */
sealed interface FeatureSource {
    /** A column of the table. */
    record OfColumn(Column column) implements FeatureSource {}

    /** The row's time. */
    record OfTime(DerivedFeature derived) implements FeatureSource {}

    /**
     * A label that arrived before.
     *
     * @param k which, from 1 for the last
     */
    record OfLabel(int k) implements FeatureSource {}

    /**
     * The column of a feature's name, or else what is derived of time and labels; nothing where neither is there.
     *
     * @param reserved columns that are no features
     */
    static Optional<FeatureSource> of(Feature feature, RowPlan.Source source, Set<String> reserved) {
        Optional<String> column = source.names().column(feature.name()).filter(name -> !reserved.contains(name));
        if (column.isPresent()) {
            return Optional.of(new OfColumn(source.table().column(column.get())));
        }
        Optional<DerivedFeature> derived = DerivedFeature.of(feature.name()).filter(any -> source.hasTime());
        return derived.<FeatureSource>map(OfTime::new)
                .or(() -> Lags.of(feature.name()).map(OfLabel::new));
    }
}
