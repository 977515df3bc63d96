package io.millrace.local.cli;

import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.local.StartException;
import io.millrace.local.spec.SpecDiffJson;
import io.millrace.local.spec.SpecDiffText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "spec",
        mixinStandardHelpOptions = true,
        description = "Works on pipeline specs.",
        subcommands = {SpecCommand.Diff.class, SpecApplyCommand.class},
        footer = {"", "Example:", "  millrace spec diff movies.yaml movies-new.yaml"})
final class SpecCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given (expected: diff or apply)");
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = {
                "Tells what a changed spec means for a model that has learned by the old one.",
                "harmless: the lineage stays. continues, converts: another lineage, which can start from the live model.",
                "relearns: the log has to be learned again. impossible: the new spec cannot learn what is logged already.",
                "Exit code 0, whatever differs; docs/operations.md."
            },
            footer = {
                "",
                "Examples:",
                "  millrace spec diff movies.yaml movies-new.yaml",
                "  millrace spec diff movies.yaml movies-new.yaml --json --exit-code"
            })
    static final class Diff implements Callable<Integer> {
        private static final int DIFFERENT = 1;

        @Spec
        private CommandSpec command;

        @Parameters(index = "0", paramLabel = "OLD", description = "The spec by which the model has learned.")
        private Path old;

        @Parameters(index = "1", paramLabel = "NEW", description = "The changed one.")
        private Path changed;

        @Option(names = "--json", description = "Prints one JSON object.")
        private boolean json;

        @Option(names = "--exit-code", description = "Ends with 1 if the specs differ.")
        private boolean exitCode;

        @Override
        public Integer call() throws Exception {
            List<String> problems = new ArrayList<>();
            Optional<PipelineSpec> before = read("OLD", old, problems);
            Optional<PipelineSpec> after = read("NEW", changed, problems);
            if (before.isEmpty() || after.isEmpty()) {
                throw new StartException(String.join("\n", problems));
            }
            SpecDiff diff = SpecDiff.of(before.get(), after.get());
            PrintWriter out = command.commandLine().getOut();
            out.print(json ? SpecDiffJson.of(diff) : SpecDiffText.of(diff));
            out.flush();
            return exitCode && !diff.isEmpty() ? DIFFERENT : 0;
        }

        private static Optional<PipelineSpec> read(String name, Path file, List<String> problems) {
            try {
                return Optional.of(SpecFile.read(name, file));
            } catch (StartException | SpecException e) {
                problems.add(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }
    }
}
