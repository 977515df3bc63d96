package io.millrace.bench.cli;

import io.millrace.bench.contest.Clock;
import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Contest;
import io.millrace.bench.contest.ContestReport;
import io.millrace.bench.contest.ContestTable;
import io.millrace.bench.contest.Outcome;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.DataSets;
import io.millrace.bench.vw.VwContenders;
import io.millrace.features.spec.SpecException;
import io.millrace.local.StartException;
import io.millrace.local.cli.ExampleFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "learners",
        mixinStandardHelpOptions = true,
        description = {
            "Learners of Millrace, Vowpal Wabbit and MOA on the same examples in the same order, in turn, in one thread:",
            "log-loss and accuracy of predictions made before each label was seen, and examples a second."
        },
        footer = {
            "",
            "Examples:",
            "  millrace bench learners",
            "  millrace bench learners --data flights-2001-q1.csv.gz --data electricity.csv --report report.json",
            "  millrace bench learners --data clicks.csv --label 'clicks > 0' --time at --categorical user,item,hour"
                    + " --cross user*item",
            "  millrace bench learners --data synthetic --rows 1000000 --contenders vw,millrace --repeat 5"
        })
final class LearnersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = {
                "What to learn; may be given several times. synthetic (39 skewed features), flights (the demo's slice),",
                "a file with the columns of flights or of elec2, or any file with the flags of millrace learn that say what",
                "is what in it (default: synthetic and flights)."
            })
    private List<String> sources = DataSets.BUILT_IN;

    @Mixin
    private ExampleFlags examples = new ExampleFlags();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "400000",
            description = "At most how many examples of each, the first ones (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--contenders",
            paramLabel = "WHO",
            split = ",",
            description = "vw, moa, millrace (default: all; moa only where all columns are numbers).")
    private Set<Maker> makers = EnumSet.noneOf(Maker.class);

    @Option(
            names = "--vw",
            paramLabel = "ARGUMENTS",
            description = "A setting of Vowpal Wabbit more; may be given several times.")
    private List<String> moreOfVw = List.of();

    @Option(
            names = "--millrace",
            paramLabel = "SETTINGS",
            description = {
                "Settings of Millrace in place of all, as in a spec: 'learner: ftrl, alpha: 0.1'; may be given several",
                "times. A process that has one learner only is what a pipeline runs, and faster: the compiler knows whom it",
                "calls."
            })
    private List<String> ours = List.of();

    @Option(
            names = "--clip",
            paramLabel = "E",
            defaultValue = "1e-15",
            description = "Predictions count as no closer to 0 or 1 than this (default: ${DEFAULT-VALUE}).")
    private double clip;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each learns, in turn; times are medians (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            defaultValue = "logistic",
            description = "logistic only: labels are classes here.")
    private String loss;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the figures there, as one JSON object.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException, StartException {
        check(rows >= 1, "--rows: " + rows + " (expected: at least 1)");
        check(repeat >= 1, "--repeat: " + repeat + " (expected: at least 1)");
        check(clip > 0 && clip < 0.5, "--clip: " + clip + " (expected: a number between 0 and 0.5)");
        check(
                loss.equals("logistic"),
                "--loss: " + loss + " (expected: logistic, the only loss that is measured here)");
        check(
                report == null || Files.isDirectory(report.toAbsolutePath().getParent()),
                "--report: " + report + " (expected: a file in a directory that exists)");
        List<Outcome> outcomes = new ArrayList<>();
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        for (String source : sources) {
            for (DataSet data :
                    DataSets.open(source, rows, examples.options(), line -> err.println("millrace: " + line))) {
                Outcome outcome = measure(data);
                outcomes.add(outcome);
                out.println(ContestTable.of(outcome, VwContenders.MAKER, clip));
                out.flush();
            }
        }
        if (report != null) {
            Files.writeString(report, ContestReport.of(Machine.describe(), outcomes, VwContenders.MAKER, clip) + "\n");
        }
        return 0;
    }

    private Outcome measure(DataSet data) {
        PrintWriter err = command.commandLine().getErr();
        List<Contender> contenders = new ArrayList<>();
        for (Maker maker : Maker.values()) {
            if (makers.isEmpty() ? maker.suits(data) : makers.contains(maker)) {
                maker.unfit(data)
                        .ifPresentOrElse(
                                why -> err.println(
                                        "millrace: " + data.name() + ": " + maker.text() + " left out: " + why),
                                () -> contenders.addAll(contenders(maker, data)));
            }
        }
        Contest contest = new Contest(
                data.labels(),
                repeat,
                clip,
                Clock.system(),
                line -> err.println("millrace: " + data.name() + ", " + line));
        return new Outcome(data.name(), data.origin(), data.size(), data.baseRate(), contest.run(contenders));
    }

    private List<Contender> contenders(Maker maker, DataSet data) {
        try {
            return maker.contenders(data, moreOfVw, ours);
        } catch (SpecException e) {
            throw new ParameterException(command.commandLine(), "--millrace: " + e.getMessage());
        }
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            throw new ParameterException(command.commandLine(), otherwise);
        }
    }
}
