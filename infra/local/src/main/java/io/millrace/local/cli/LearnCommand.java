package io.millrace.local.cli;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import io.millrace.local.learn.DivergedRowException;
import io.millrace.local.learn.ExampleOptions;
import io.millrace.local.learn.LearnOptions;
import io.millrace.local.learn.LearnReport;
import io.millrace.local.learn.LearnRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "learn",
        mixinStandardHelpOptions = true,
        description = {
            "Learns from a file, in one pass, through exactly the learner that a pipeline runs: each row is predicted"
                    + " before its label is learned, and the report says what the predictions were worth.",
            "Progress goes to standard error once a second, the summary to standard output, or to standard error where"
                    + " predictions or the report go to standard output."
        },
        footer = {
            "",
            "Examples:",
            "  millrace learn --data clicks.csv --label clicked",
            "  millrace learn --data flights.csv.gz --label 'delay > 15' --time date --categorical origin,destination,hour"
                    + " --cross origin*hour",
            "  zcat train.vw.gz | millrace learn --data - --loss squared --save model"
        })
final class LearnCommand implements Callable<Integer> {
    /** What becomes of rows that are no examples. */
    private enum OnError {
        FAIL,
        SKIP
    }

    @Spec
    private CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description =
                    "CSV, TSV, NDJSON, Parquet, Avro or Vowpal Wabbit's text, gzipped or not; - is standard input.")
    private Path data;

    @Mixin
    private ExampleFlags examples = new ExampleFlags();

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description = "logistic (the default), squared, absolute or poisson.")
    private @Nullable String loss;

    @Option(names = "--learner", paramLabel = "NAME", description = "What learns, as in a spec: model.learner.")
    private @Nullable String learner;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of a spec's section model: alpha=0.05, bits=18, ids.table=exact; repeatable.")
    private List<String> settings = List.of();

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "A pipeline's own spec, in place of flags; columns are called as its features.")
    private @Nullable Path spec;

    @Option(names = "--from", paramLabel = "DIR", description = "Goes on from what --save wrote.")
    private @Nullable Path from;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "Starts with weights learned elsewhere: a table of feature, value, weight, confidence, scale.")
    private @Nullable Path weights;

    @Option(
            names = "--save",
            paramLabel = "DIR",
            description = "Writes a base snapshot there, and the spec that fits it.")
    private @Nullable Path save;

    @Option(names = "--limit", paramLabel = "N", description = "Reads the first N rows only.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--delay",
            paramLabel = "N",
            defaultValue = "0",
            description = "Labels arrive N examples late: each prediction counts as it was made when its row arrived.")
    private int delay;

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "Writes row, prediction and label there, as CSV; - is standard output.")
    private @Nullable Path predictions;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes the figures there, as one JSON object; - is standard output.")
    private @Nullable Path report;

    @Option(
            names = "--on-error",
            paramLabel = "fail|skip",
            defaultValue = "fail",
            description = "What becomes of a bad row: it ends the run (the default), or is skipped and counted.")
    private OnError onError;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        LearnOptions options = options();
        LearnRun run = new LearnRun(options, line -> err.println("millrace: " + line), System::nanoTime);
        try {
            LearnReport figures = run.run();
            PrintWriter people = options.writesToStandardOutput() ? err : out;
            people.print(figures.summary());
            people.flush();
            return 0;
        } catch (DataException e) {
            throw new StartException(e.getMessage(), e);
        } catch (DivergedRowException e) {
            err.println("millrace: " + e.getMessage());
            return 1;
        }
    }

    private LearnOptions options() {
        ExampleOptions how = examples.options();
        return new LearnOptions(
                data,
                how.format(),
                how.label(),
                how.time(),
                how.features(),
                LearnOptions.Model.of(loss, learner, settings),
                spec,
                from,
                weights,
                save,
                predictions,
                report,
                limit,
                delay,
                onError == OnError.SKIP);
    }
}
