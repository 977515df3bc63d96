package io.millrace.local.demo;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;

/** One row of a {@link DataTable}; valid only while it is being consumed. */
@SuppressWarnings("ArrayRecordComponent")
record DataRow(String file, List<String> columns, int[] positions, CsvRecord csv) {
    /** Not empty. */
    String text(int column) {
        String text = csv.getField(positions[column]);
        if (text.isEmpty()) {
            throw bad(column, "a value");
        }
        return text;
    }

    int whole(int column, int from, int to) {
        String text = csv.getField(positions[column]);
        try {
            int value = Integer.parseInt(text);
            if (value >= from && value <= to) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(column, "a whole number, " + from + " to " + to);
        }
        throw bad(column, "a whole number, " + from + " to " + to);
    }

    double number(int column, double from, double to) {
        String text = csv.getField(positions[column]);
        try {
            double value = Double.parseDouble(text);
            if (value >= from && value <= to) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(column, "a number, " + from + " to " + to);
        }
        throw bad(column, "a number, " + from + " to " + to);
    }

    /** What to throw where a value is not as expected. */
    DemoDataException bad(int column, String expected) {
        String text = csv.getField(positions[column]);
        return DemoDataException.of(
                file + ", line " + csv.getStartingLineNumber() + ", column " + columns.get(column),
                "\"" + text + "\"",
                expected);
    }
}
