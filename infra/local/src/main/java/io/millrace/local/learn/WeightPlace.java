package io.millrace.local.learn;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.Numerics;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Bins;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.Numbers;
import io.millrace.trainer.score.Layout;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the row of a weight that is named as people name it: {@code constant}; a feature and one of its values; a cross,
 * {@code a*b}, and a value of each part. A number without bins has no value: its one weight is by its unit. Not thread-safe.
 */
final class WeightPlace {
    static final String CONSTANT = "constant";

    private static final String CROSS = "*";

    /** What is wrong with a name, as a value and an expectation. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String column;
        private final String value;
        private final String expected;

        WrongException(String column, String value, String expected) {
            super(column + ": " + value + " (expected: " + expected + ")");
            this.column = column;
            this.value = value;
            this.expected = expected;
        }

        String column() {
            return column;
        }

        String value() {
            return value;
        }

        String expected() {
            return expected;
        }
    }

    /**
     * Where a weight lies.
     *
     * @param scaled whether it is multiplied by values other than 1
     */
    record Place(long id, int row, boolean scaled) {}

    private final PipelineSpec spec;
    private final FeatureSet set;
    private final Indexer indexer;
    private final List<String> names = new ArrayList<>();
    private final FeatureVector vector;
    private final SparseVector elements = new SparseVector();

    WeightPlace(PipelineSpec spec) {
        this.spec = spec;
        this.set = spec.featureSet();
        this.indexer = new Indexer(spec, Layout.of(spec).firstFeature());
        this.vector = new FeatureVector(set);
        indexer.terms().forEach(term -> names.add(String.join(CROSS, term)));
        names.add(CONSTANT);
        String offset = spec.model().offset();
        if (offset != null) {
            names.remove(offset);
        }
    }

    /** @throws WrongException if the model has no such weight, or it is one that is found only by learning */
    Place find(String feature, List<String> values) throws WrongException {
        if (feature.equals(CONSTANT) && set.indexOf(CONSTANT) < 0) {
            require(values.isEmpty(), values, "none: the constant has one weight");
            return new Place(Indexer.CONSTANT, indexer.constantIndex(), false);
        }
        List<String> parts = Arrays.asList(feature.split("\\*", -1));
        int term = term(feature, parts);
        long valued = parts.stream().filter(this::hasValue).count();
        if (values.size() != valued) {
            throw new WrongException("value", text(values), expected(parts, valued));
        }
        // Positions are filled in their order, whatever that of the parts.
        vector.clear();
        int[] next = new int[set.size()];
        Arrays.fill(next, -1);
        int taken = 0;
        for (String part : parts) {
            next[set.indexOf(part)] = hasValue(part) ? taken++ : Integer.MAX_VALUE;
        }
        boolean scaled = false;
        for (int position = 0; position < next.length; position++) {
            if (next[position] >= 0) {
                Feature part = set.features().get(position);
                scaled |= !hasValue(part.name()) || part.kind() == FeatureKind.WEIGHTED_SET;
                fill(position, part, hasValue(part.name()) ? values.get(next[position]) : "");
            }
        }
        indexer.index(vector, Numerics.NONE, elements);
        for (int e = 0; e < elements.size(); e++) {
            if (elements.term(e) == term) {
                return new Place(elements.id(e), elements.index(e), scaled);
            }
        }
        throw new IllegalStateException(feature + ": no element");
    }

    private int term(String feature, List<String> parts) throws WrongException {
        List<List<String>> terms = indexer.terms();
        for (int term = 0; term < terms.size(); term++) {
            boolean isIt = terms.get(term).size() == parts.size()
                    && Set.copyOf(terms.get(term)).equals(Set.copyOf(parts));
            if (isIt && names.contains(String.join(CROSS, terms.get(term)))) {
                return term;
            }
        }
        throw new WrongException("feature", feature, "a feature or a cross: " + Suggestion.expected(feature, names));
    }

    /** Whether a feature has a weight for each value. */
    private boolean hasValue(String feature) {
        return set.features().get(set.indexOf(feature)).kind() != FeatureKind.NUMERIC
                || spec.bins().get(feature) instanceof Bins.Width;
    }

    private void fill(int position, Feature feature, String value) throws WrongException {
        long hash = FeatureHash.of(feature.name()).hash(value);
        switch (feature.kind()) {
            case CATEGORICAL -> vector.categorical(position, hash);
            case CATEGORICAL_SET, SEQUENCE -> vector.hashes(position, hash);
            case WEIGHTED_SET -> vector.weightedSet(position, new long[] {hash}, new float[] {1});
            case NUMERIC -> vector.numeric(position, number(feature, value));
            case EMBEDDING -> throw new WrongException("feature", feature.name(), "no embedding: start it from 0");
        }
    }

    private float number(Feature feature, String value) throws WrongException {
        @Nullable Bins bins = spec.bins().get(feature.name());
        if (bins instanceof Bins.Quantiles) {
            throw new WrongException(
                    "feature", feature.name(), "no quantile bins: they are learned, so their weights start from 0");
        }
        if (bins == null) {
            return 1;
        }
        OptionalDouble number = Numbers.parse(value);
        if (number.isEmpty() || !Float.isFinite((float) number.getAsDouble())) {
            throw new WrongException("value", value, "a number in the bin, for " + feature.name());
        }
        return (float) number.getAsDouble();
    }

    private void require(boolean right, List<String> values, String expected) throws WrongException {
        if (!right) {
            throw new WrongException("value", text(values), expected);
        }
    }

    private static String text(List<String> values) {
        return values.isEmpty() ? "empty" : String.join(ColumnFillers.SEPARATOR, values);
    }

    private String expected(List<String> parts, long valued) {
        if (valued == 0) {
            return "none: numbers without bins have one weight";
        }
        List<String> names = parts.stream().filter(this::hasValue).toList();
        return valued == 1 ? "a value of " + names.get(0) : "a list of values, one each of " + String.join(", ", names);
    }
}
