package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a CSV file by name. */
final class Header {
    private final List<String> columns;
    private final Map<String, Integer> indexes;
    private final int size;

    private Header(List<String> columns, Map<String, Integer> indexes, int size) {
        this.columns = columns;
        this.indexes = indexes;
        this.size = size;
    }

    /** @throws DataException if two columns have one name; columns without a name are there but cannot be asked for */
    static Header of(String file, long line, List<String> columns) {
        Map<String, Integer> indexes = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i).strip();
            if (!column.isEmpty() && indexes.putIfAbsent(column, i) != null) {
                throw new DataException(
                        new Problem(file + ", line " + line + ", column " + column, "named twice", "once"), line);
            }
        }
        return new Header(List.copyOf(indexes.keySet()), new HashMap<>(indexes), columns.size());
    }

    int size() {
        return size;
    }

    List<String> columns() {
        return columns;
    }

    int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException(
                    Problem.missing("column " + column, "one of " + String.join(", ", columns))
                            .toString());
        }
        return index;
    }
}
