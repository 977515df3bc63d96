package io.millrace.bench.cli;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import io.millrace.bench.pipeline.Course;
import io.millrace.bench.pipeline.CourseReport;
import io.millrace.bench.pipeline.CourseTable;
import io.millrace.bench.pipeline.Entrant;
import io.millrace.bench.pipeline.Entrants;
import io.millrace.bench.pipeline.Laps;
import io.millrace.bench.pipeline.Workplace;
import io.millrace.bench.vw.VwContenders;
import io.millrace.features.spec.SpecException;
import io.millrace.trainer.job.LearnJobSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "From a topic to published weights: a broker and the learning job as `millrace up` runs them, in this process, on",
            "examples that lie in the topic; beside Vowpal Wabbit's default and the learner alone, which have them in memory.",
            "Weights that differ from those of the learner alone are an error."
        },
        footer = {
            "",
            "Examples:",
            "  millrace bench pipeline",
            "  millrace bench pipeline --learner ftrl --learner \"ftrl, alpha: 0.2\" --rows 400000 --report report.json"
        })
final class PipelineCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private static final long SEED = 1;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--learner",
            paramLabel = "LEARNER",
            description = {
                "What learns, as in a spec's section model, with 2^22 weights; may be given several times",
                "(default: ftrl and auto)."
            })
    private List<String> learners = List.of("ftrl", "auto");

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many examples, of 39 skewed features each (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each learns, in turn; figures are medians (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--checkpoint",
            paramLabel = "DURATION",
            description = "Time between two of the job's checkpoints (default: PT5S, the job's own).")
    private Duration checkpoint = LearnJobSettings.CHECKPOINT_INTERVAL;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the figures there, as one JSON object.")
    private @Nullable Path report;

    @Override
    public Integer call() throws Exception {
        check(rows >= 1, "--rows: " + rows + " (expected: at least 1)");
        check(repeat >= 1, "--repeat: " + repeat + " (expected: at least 1)");
        check(
                checkpoint.compareTo(SHORTEST) >= 0,
                "--checkpoint: " + checkpoint + " (expected: at least 10 ms, like PT5S)");
        check(
                report == null || Files.isDirectory(report.toAbsolutePath().getParent()),
                "--report: " + report + " (expected: a file in a directory that exists)");
        checkLearners();
        DataSet data = Synthetic.of(rows, Synthetic.FEATURES, SEED);
        List<Laps> outcomes = measure(data);
        Optional<Laps> reference =
                VwContenders.unavailable().isEmpty() ? Optional.of(outcomes.get(0)) : Optional.empty();
        String title = String.format(Locale.ROOT, "%s: %,d examples (%s)", data.name(), data.size(), data.origin());
        command.commandLine().getOut().println(CourseTable.of(title, outcomes, reference));
        if (report != null) {
            Files.writeString(report, CourseReport.of(Machine.describe(), rows, outcomes, reference) + "\n");
        }
        return 0;
    }

    private List<Laps> measure(DataSet data) throws Exception {
        PrintWriter err = command.commandLine().getErr();
        Optional<String> unavailable = VwContenders.unavailable();
        unavailable.ifPresent(why -> err.println("millrace: vw left out: " + why));
        Optional<Contender> reference = unavailable.isPresent()
                ? Optional.empty()
                : Optional.of(VwContenders.ofBits(data, List.of(Entrants.BITS)).get(0));
        try (Workplace workplace = Workplace.open()) {
            List<Entrant> entrants = Entrants.of(data, learners, reference, workplace, checkpoint);
            return new Course(repeat, line -> err.println("millrace: " + line)).run(entrants);
        }
    }

    private void checkLearners() {
        DataSet small = Synthetic.of(1, Synthetic.FEATURES, SEED);
        for (String learner : learners) {
            try {
                Entrants.spec(small, learner);
            } catch (SpecException e) {
                throw new ParameterException(
                        command.commandLine(),
                        "--learner: " + learner + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        e);
            }
        }
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            throw new ParameterException(command.commandLine(), otherwise);
        }
    }
}
