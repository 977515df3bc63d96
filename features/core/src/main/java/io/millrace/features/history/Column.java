package io.millrace.features.history;

import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table. Any of them may be without a value.
 *
 * @param type of its values
 * @param value what stands in a row, or null
 */
record Column(String name, Schema type, Function<RowSource, @Nullable Object> value) {
    Column(String name, Schema.Type type, Function<RowSource, @Nullable Object> value) {
        this(name, Schema.create(type), value);
    }

    Column named(String other) {
        return new Column(other, type, value);
    }
}
