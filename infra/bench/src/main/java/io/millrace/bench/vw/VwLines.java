package io.millrace.bench.vw;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Elements;
import io.millrace.bench.data.Elements.Element;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Examples in Vowpal Wabbit's text format, one line each: {@code 1 |f origin=SFO delay:3 origin*hour=SFO*8}. Crosses are
 * features like any other, as all learners here get them; the constant is Vowpal Wabbit's own.
 */
final class VwLines {
    /** What the format itself uses. */
    private static final Pattern RESERVED = Pattern.compile("[\\s:|]");

    /** A column or a cross: what its features begin with, and the columns that it is made of. */
    private record Term(String name, List<Elements> parts) {}

    private VwLines() {}

    static String[] of(DataSet data) {
        List<Elements> columns = data.columns().stream().map(Elements::of).toList();
        List<String> names =
                data.columns().stream().map(column -> plain(column.name())).toList();
        List<Term> crosses = data.crosses().stream()
                .map(cross -> cross(data, columns, cross))
                .toList();
        String[] lines = new String[data.size()];
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            line.setLength(0);
            line.append(data.labels()[i] ? "1 |f" : "-1 |f");
            for (int c = 0; c < columns.size(); c++) {
                for (Element element : columns.get(c).at(i)) {
                    append(line, names.get(c), plain(element.text()), element.value());
                }
            }
            for (Term cross : crosses) {
                append(line, cross, 0, "", 1, i);
            }
            lines[i] = line.toString();
        }
        return lines;
    }

    private static Term cross(DataSet data, List<Elements> columns, List<String> names) {
        List<String> all = data.columns().stream().map(Column::name).toList();
        return new Term(
                plain(String.join("*", names)),
                names.stream().map(name -> columns.get(all.indexOf(name))).toList());
    }

    /** All combinations of the parts from one on, each with the product of its values. */
    private static void append(StringBuilder line, Term cross, int part, String before, float product, int example) {
        if (part == cross.parts().size()) {
            append(line, cross.name(), before, product);
            return;
        }
        for (Element element : cross.parts().get(part).at(example)) {
            String text = plain(element.text());
            String joined = before.isEmpty() || text.isEmpty() ? before + text : before + "*" + text;
            append(line, cross, part + 1, joined, product * element.value(), example);
        }
    }

    private static void append(StringBuilder line, String name, String text, float value) {
        line.append(' ').append(name);
        if (!text.isEmpty()) {
            line.append('=').append(text);
        }
        if (text.isEmpty() || value != 1) {
            line.append(':').append(value);
        }
    }

    private static String plain(String text) {
        return RESERVED.matcher(text).replaceAll("_");
    }
}
