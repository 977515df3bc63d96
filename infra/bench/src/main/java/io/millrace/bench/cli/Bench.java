package io.millrace.bench.cli;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code millrace bench}. Exit codes: 0 done, 1 failed while running, 2 wrong input. */
@Command(
        name = "millrace bench",
        version = "millrace 0.1.0",
        mixinStandardHelpOptions = true,
        description = "Measures learners and the whole pipeline beside peers, and the parts that bound their speed.",
        subcommands = {
            LearnersCommand.class,
            PipelineCommand.class,
            JoinCommand.class,
            FeaturesCommand.class,
            LoopCommand.class,
            SizingCommand.class,
            ScaleCommand.class,
            KernelsCommand.class
        },
        footer = {"", "Example:", "  millrace bench learners --data electricity.csv --repeat 1"})
public final class Bench implements Runnable {
    private static final int WRONG_INPUT = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Bench() {}

    public static void main(String[] args) {
        System.exit(line().execute(args));
    }

    static CommandLine line() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, given) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr()
                            .println("millrace: " + wrong.getMessage() + "; see "
                                    + command.getCommandSpec().qualifiedName() + " --help");
                    return WRONG_INPUT;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    PrintWriter err = command.getErr();
                    if (failure instanceof DataException || failure instanceof StartException) {
                        err.println("millrace: " + failure.getMessage());
                        return WRONG_INPUT;
                    }
                    err.println("millrace: " + failure);
                    failure.printStackTrace(err);
                    return 1;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given (expected: learners, pipeline, join, features, loop, sizing, scale or kernels)");
    }
}
