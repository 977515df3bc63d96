package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a CSV file by name. */
final class Header {
    private final String place;
    private final long line;
    private final List<String> columns;
    private final Map<String, Integer> indexes;
    private final int size;

    private Header(String place, long line, List<String> columns, Map<String, Integer> indexes, int size) {
        this.place = place;
        this.line = line;
        this.columns = columns;
        this.indexes = indexes;
        this.size = size;
    }

    /** @throws DataException if two columns have one name; columns without a name are there but cannot be asked for */
    static Header of(String file, long line, List<String> columns) {
        String place = file + ", line " + line;
        Map<String, Integer> indexes = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i).strip();
            if (!column.isEmpty() && indexes.putIfAbsent(column, i) != null) {
                throw new DataException(new Problem(place + ", column " + column, "named twice", "once"), line);
            }
        }
        return new Header(place, line, List.copyOf(indexes.keySet()), new HashMap<>(indexes), columns.size());
    }

    int size() {
        return size;
    }

    List<String> columns() {
        return columns;
    }

    /** @throws DataException if there is no such column */
    int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            String present = String.join(", ", columns);
            throw new DataException(
                    Problem.missing(place + ", column " + column, "a header with it; it has " + present), line);
        }
        return index;
    }
}
