package io.millrace.bench.pipeline;

import io.millrace.bench.contest.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What came of all entrants as a table for people. */
public final class CourseTable {
    private static final int TEXT_COLUMNS = 2;

    private CourseTable() {}

    /**
     * @param reference who ratios are to, if anybody
     */
    public static String of(String title, List<Laps> outcomes, Optional<Laps> reference) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "from",
                "learner",
                "examples/s",
                "/ vw",
                "middle/s",
                "/ vw",
                "from start/s",
                "/ vw",
                "start s",
                "cpu us",
                "checkpoints",
                "digest"));
        outcomes.forEach(laps -> rows.add(row(laps, reference)));
        StringBuilder text = new StringBuilder(title)
                .append(System.lineSeparator())
                .append(TextTable.of(rows, TEXT_COLUMNS))
                .append("""
                        medians; examples/s from the first learned to the last, middle/s without the first and the last fifth, \
                        from start/s with the job's start;
                        cpu us: microseconds of processor time of the whole process an example; time includes:""");
        Stream<String> timed =
                outcomes.stream().map(laps -> laps.way() + ": " + laps.timed()).distinct();
        timed.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
        return text.append(System.lineSeparator()).toString();
    }

    private static List<String> row(Laps laps, Optional<Laps> reference) {
        return List.of(
                laps.way(),
                laps.setting(),
                rate(laps, Lap::rate),
                ratio(laps, Lap::rate, reference),
                rate(laps, Lap::middleRate),
                ratio(laps, Lap::middleRate, reference),
                rate(laps, Lap::wholeRate),
                ratio(laps, Lap::wholeRate, reference),
                TextTable.number(laps.median(Lap::startSeconds), 1),
                TextTable.number(laps.median(Lap::processorMicros), 2),
                String.format(Locale.ROOT, "%.0f", laps.median(lap -> lap.checkpoints())),
                laps.digest());
    }

    private static String rate(Laps laps, ToDoubleFunction<Lap> figure) {
        return TextTable.number(laps.median(figure), 0);
    }

    private static String ratio(Laps laps, ToDoubleFunction<Lap> figure, Optional<Laps> reference) {
        return TextTable.number(
                reference.map(other -> laps.ratio(figure, other)).orElse(Double.NaN), 2);
    }
}
