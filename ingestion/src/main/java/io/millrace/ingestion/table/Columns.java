package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of one table by name, and how its places are called. Not thread-safe. */
final class Columns {
    private final Origin origin;
    private final String place;
    private final String holder;
    private final List<String> names;
    private final List<Integer> unnamed;
    private final int size;
    private final boolean isOpen;
    private final Map<String, Column> byName;

    private Columns(
            Origin origin,
            String place,
            String holder,
            List<String> names,
            List<Integer> unnamed,
            int size,
            boolean isOpen) {
        this.origin = origin;
        this.place = place;
        this.holder = holder;
        this.names = names;
        this.unnamed = unnamed;
        this.size = size;
        this.isOpen = isOpen;
        this.byName = new HashMap<>();
    }

    /**
     * Where rows come from.
     *
     * @param unit what is counted: {@code line} or {@code row}
     */
    record Origin(String file, String unit) {
        String place(long line) {
            return file + ", " + unit + " " + line;
        }

        /** What comes after the last line that was read, or the file as a whole where none was. */
        String after(long line) {
            return line == 0 ? file : file + ", after " + unit + " " + line;
        }
    }

    /**
     * The columns of a header line.
     *
     * @throws DataException if two columns have one name; columns without a name are there but cannot be asked for
     */
    static Columns ofHeader(Origin origin, long line, List<String> header) {
        String place = origin.place(line);
        Map<String, Integer> indexes = new LinkedHashMap<>();
        List<Integer> unnamed = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip();
            if (name.isEmpty()) {
                unnamed.add(i + 1);
            } else if (indexes.putIfAbsent(name, i) != null) {
                throw new DataException(new Problem(place + ", column " + name, "named twice", "once"), line);
            }
        }
        Columns columns = new Columns(
                origin, place, "a header", List.copyOf(indexes.keySet()), List.copyOf(unnamed), header.size(), false);
        indexes.forEach((name, index) -> columns.byName.put(name, new Column(columns, name, index)));
        return columns;
    }

    /** The columns of a file's schema, whose names differ. */
    static Columns ofSchema(Origin origin, List<String> names) {
        Columns columns =
                new Columns(origin, origin.file(), "a schema", List.copyOf(names), List.of(), names.size(), false);
        for (int i = 0; i < names.size(); i++) {
            columns.byName.put(names.get(i), new Column(columns, names.get(i), i));
        }
        return columns;
    }

    /** Any columns: each row has its own. */
    static Columns open(Origin origin) {
        return new Columns(origin, origin.file(), "a row", List.of(), List.of(), 0, true);
    }

    Origin origin() {
        return origin;
    }

    /** How many values a row has; 0 where each has its own. */
    int size() {
        return size;
    }

    /** In their order; none where each row has its own. */
    List<String> names() {
        return names;
    }

    /** Places in the header, from 1, of columns that have no name there. */
    List<Integer> unnamed() {
        return unnamed;
    }

    /** @throws DataException if there cannot be such a column */
    Column get(String name) {
        Column column = byName.get(name);
        if (column != null) {
            return column;
        }
        if (!isOpen) {
            String present = String.join(", ", names);
            throw new DataException(
                    Problem.missing(place + ", column " + name, holder + " with it; it has " + present),
                    origin.unit().equals("line") ? 1 : 0);
        }
        Column opened = new Column(this, name, -1);
        byName.put(name, opened);
        return opened;
    }
}
