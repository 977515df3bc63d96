package io.millrace.local.learn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the columns of a table are called as features, whose names are narrower: what a name must not contain becomes an
 * underscore, and of two columns that would be called alike, the second gets a number. Immutable.
 */
final class FeatureNames {
    private static final int LONGEST = 90;

    private final Map<String, String> byColumn;

    private FeatureNames(Map<String, String> byColumn) {
        this.byColumn = Collections.unmodifiableMap(byColumn);
    }

    static FeatureNames of(List<String> columns) {
        Set<String> taken = new HashSet<>(columns);
        Map<String, String> names = new LinkedHashMap<>();
        for (String column : columns) {
            String plain = plain(column);
            String name = plain;
            for (int i = 2; !name.equals(column) && !taken.add(name); i++) {
                name = plain + "_" + i;
            }
            names.put(column, name);
        }
        return new FeatureNames(names);
    }

    private static String plain(String column) {
        String safe = column.replaceAll("[^A-Za-z0-9_.-]", "_");
        String begun = safe.isEmpty() || !safe.substring(0, 1).matches("[A-Za-z_]") ? "_" + safe : safe;
        return begun.length() > LONGEST ? begun.substring(0, LONGEST) : begun;
    }

    /** The feature of a column of the table; a name that is no column stands for itself. */
    String feature(String column) {
        return byColumn.getOrDefault(column, column);
    }

    /** The column behind a feature. */
    Optional<String> column(String feature) {
        return byColumn.entrySet().stream()
                .filter(entry -> entry.getValue().equals(feature))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The columns among these that are called otherwise as features. */
    List<String> renamed(Iterable<String> columns) {
        List<String> renamed = new ArrayList<>();
        for (String column : columns) {
            if (!feature(column).equals(column)) {
                renamed.add(column);
            }
        }
        return renamed;
    }
}
