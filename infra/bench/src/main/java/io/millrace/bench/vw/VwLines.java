package io.millrace.bench.vw;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Examples in Vowpal Wabbit's text format, one line each: {@code 1 |f origin=SFO delay:3 origin*hour=SFO*8}. Crosses are
 * features like any other, as all learners here get them; the constant is Vowpal Wabbit's own.
 */
final class VwLines {
    /** What the format itself uses. */
    private static final Pattern RESERVED = Pattern.compile("[\\s:|]");

    private VwLines() {}

    static String[] of(DataSet data) {
        String[] lines = new String[data.size()];
        List<List<Column.Categorical>> crosses = data.crosses().stream()
                .map(cross -> cross.stream().map(data::categorical).toList())
                .toList();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            line.setLength(0);
            line.append(data.labels()[i] ? "1 |f" : "-1 |f");
            for (Column column : data.columns()) {
                append(line, column, i);
            }
            for (List<Column.Categorical> cross : crosses) {
                append(line, cross, i);
            }
            lines[i] = line.toString();
        }
        return lines;
    }

    private static void append(StringBuilder line, Column column, int example) {
        line.append(' ').append(plain(column.name()));
        if (column instanceof Column.Categorical categorical) {
            line.append('=').append(plain(categorical.text(example)));
        } else if (column instanceof Column.Numeric numeric) {
            line.append(':').append((float) numeric.values()[example]);
        }
    }

    private static void append(StringBuilder line, List<Column.Categorical> cross, int example) {
        char separator = ' ';
        for (Column.Categorical column : cross) {
            line.append(separator).append(plain(column.name()));
            separator = '*';
        }
        separator = '=';
        for (Column.Categorical column : cross) {
            line.append(separator).append(plain(column.text(example)));
            separator = '*';
        }
    }

    private static String plain(String text) {
        return RESERVED.matcher(text).replaceAll("_");
    }
}
