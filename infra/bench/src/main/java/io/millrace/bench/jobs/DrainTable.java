package io.millrace.bench.jobs;

import io.millrace.bench.contest.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came of backlogs as a table for people. */
public final class DrainTable {
    private DrainTable() {}

    /** @param runs by what tells each from the others */
    public static String of(String title, Map<String, Drained> runs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("", "events", "events/s", "middle/s", "cpu us", "checkpoints", "state MB", "written an event"));
        runs.forEach((name, run) -> rows.add(row(name, run)));
        return title + System.lineSeparator() + TextTable.of(rows, 1) + """
                events/s from the first checkpoint to the one that covers all, middle/s without the first and the last fifth;
                cpu us: microseconds of processor time of the whole process an event, broker included
                """;
    }

    private static List<String> row(String name, Drained run) {
        List<String> written = new ArrayList<>();
        run.written().forEach((topic, size) -> {
            if (size.records() > 0) {
                written.add(String.format(
                        Locale.ROOT,
                        "%s %.2f of %.0f B (%.0f stored)",
                        topic.text(),
                        size.records() / (double) run.records(),
                        size.each(),
                        size.storedEach()));
            }
        });
        return List.of(
                name,
                TextTable.number(run.records(), 0),
                TextTable.number(run.lap().rate(), 0),
                TextTable.number(run.lap().middleRate(), 0),
                TextTable.number(run.lap().processorMicros(), 1),
                TextTable.number(run.lap().checkpoints(), 0),
                TextTable.number(run.stateBytes() / 1e6, 1),
                String.join(", ", written));
    }
}
