package io.millrace.local.learn;

import io.millrace.features.encode.FeatureHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the columns of a table are called as features, whose names are narrower: what a name must not contain becomes an
 * underscore, and beyond ASCII the code point after it; columns that would be called alike get a hash of their own. So no
 * name depends on the order of the columns. Immutable.
 */
final class FeatureNames {
    private static final int LONGEST = 90;
    private static final int LAST_ASCII = 0x7F;

    private final Map<String, String> byColumn;

    private FeatureNames(Map<String, String> byColumn) {
        this.byColumn = Collections.unmodifiableMap(byColumn);
    }

    static FeatureNames of(List<String> columns) {
        Map<String, Long> uses = columns.stream()
                .map(FeatureNames::plain)
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        Map<String, String> names = new LinkedHashMap<>();
        for (String column : columns) {
            String plain = plain(column);
            boolean isAlone = plain.equals(column) || uses.getOrDefault(plain, 1L) == 1;
            names.put(column, isAlone ? plain : plain + "_" + hash(column));
        }
        return new FeatureNames(names);
    }

    private static String plain(String column) {
        StringBuilder safe = new StringBuilder();
        column.codePoints().forEach(character -> {
            if (character > LAST_ASCII) {
                safe.append('_').append(Integer.toHexString(character));
            } else {
                safe.append(isSafe(character) ? (char) character : '_');
            }
        });
        String begun = safe.isEmpty() || !safe.substring(0, 1).matches("[A-Za-z_]") ? "_" + safe : safe.toString();
        return begun.length() > LONGEST ? begun.substring(0, LONGEST) : begun;
    }

    private static boolean isSafe(int character) {
        return Character.isLetterOrDigit(character) || "_.-".indexOf(character) >= 0;
    }

    private static String hash(String column) {
        return HexFormat.of().toHexDigits((int) FeatureHash.of("column").hash(column));
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
