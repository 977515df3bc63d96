package io.millrace.bench.contest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An outcome as a table for people; a ratio to nobody is a dash. */
public final class ContestTable {
    private static final List<String> HEAD = List.of(
            "contender",
            "setting",
            "log_loss",
            "accuracy",
            "examples/s",
            "a cpu second",
            "speed / default",
            "loss / default",
            "speed / best",
            "loss / best");
    private static final int TEXT_COLUMNS = 2;

    private ContestTable() {}

    /** The table, with a line before that says what was learned and one after for each way to count time. */
    public static String of(Outcome outcome, String reference, double clip) {
        Comparison comparison = Comparison.with(reference, outcome.results());
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        outcome.results().forEach(result -> rows.add(row(result, comparison)));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %,d examples, %.1f %% positive (%s)%n",
                outcome.data(),
                outcome.examples(),
                outcome.baseRate() * 100,
                outcome.origin()));
        text.append(TextTable.of(rows, TEXT_COLUMNS));
        text.append(String.format(
                Locale.ROOT,
                "predictions clipped at %.0e; ratios are to %s's default and to its lowest log-loss; time includes:",
                clip,
                reference));
        outcome.results().stream()
                .map(result -> result.maker() + ": " + result.timed())
                .distinct()
                .forEach(timed ->
                        text.append(System.lineSeparator()).append("  ").append(timed));
        return text.append(System.lineSeparator()).toString();
    }

    private static List<String> row(Result result, Comparison comparison) {
        return List.of(
                result.maker(),
                result.setting(),
                TextTable.number(result.score().logLoss(), 5),
                TextTable.number(result.score().accuracy(), 4),
                TextTable.number(result.examplesPerSecond(), 0),
                TextTable.number(result.examplesPerProcessorSecond(), 0),
                TextTable.number(Comparison.speedRatio(result, comparison.standard()), 2),
                TextTable.number(Comparison.lossRatio(result, comparison.standard()), 4),
                TextTable.number(Comparison.speedRatio(result, comparison.best()), 2),
                TextTable.number(Comparison.lossRatio(result, comparison.best()), 4));
    }
}
