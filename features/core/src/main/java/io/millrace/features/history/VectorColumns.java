package io.millrace.features.history;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The columns of a feature set: one a feature, two where its elements have weights; and the vectors of other sets as they were logged. */
final class VectorColumns {
    private static final String PREFIX = "f_";

    private VectorColumns() {}

    static List<Column> of(FeatureSet set) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("packed_features", Schema.Type.BYTES, RowSource::packed));
        for (int i = 0; i < set.size(); i++) {
            add(set.features().get(i), i, columns);
        }
        return columns;
    }

    private static void add(Feature feature, int position, List<Column> out) {
        String name = PREFIX + feature.name();
        switch (feature.kind()) {
            case NUMERIC ->
                out.add(new Column(
                        name, Schema.Type.FLOAT, present(position, vector -> vector.value(vector.from(position)))));
            case CATEGORICAL ->
                out.add(new Column(
                        name, Schema.Type.LONG, present(position, vector -> vector.hash(vector.from(position)))));
            case CATEGORICAL_SET, SEQUENCE -> out.add(hashes(name, position));
            case WEIGHTED_SET -> {
                out.add(hashes(name, position));
                out.add(values(name + "_weights", position));
            }
            case EMBEDDING -> out.add(values(name, position));
        }
    }

    private static Column hashes(String name, int position) {
        return list(name, Schema.Type.LONG, position, vector -> vector::hash);
    }

    private static Column values(String name, int position) {
        return list(name, Schema.Type.FLOAT, position, vector -> vector::value);
    }

    private static Column list(
            String name, Schema.Type type, int position, Function<FeatureVector, IntFunction<Object>> element) {
        return new Column(
                name,
                Schema.createArray(Schema.create(type)),
                present(
                        position,
                        vector -> new Elements(vector.from(position), vector.to(position), element.apply(vector))));
    }

    private static Function<RowSource, @Nullable Object> present(int position, Function<FeatureVector, Object> value) {
        return source -> {
            FeatureVector vector = source.vector();
            return vector == null || !vector.isPresent(position) ? null : value.apply(vector);
        };
    }

    /** A view of a position's elements, good until the vector is filled anew. */
    private static final class Elements extends AbstractList<Object> {
        private final int from;
        private final int to;
        private final IntFunction<Object> element;

        Elements(int from, int to, IntFunction<Object> element) {
            this.from = from;
            this.to = to;
            this.element = element;
        }

        @Override
        public Object get(int index) {
            return element.apply(from + index);
        }

        @Override
        public int size() {
            return to - from;
        }
    }
}
