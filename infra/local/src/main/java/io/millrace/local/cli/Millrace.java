package io.millrace.local.cli;

import io.millrace.features.spec.SpecException;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.ClientProblem;
import io.millrace.wire.kafka.DeploymentException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code millrace}. Exit codes: 0 done, 1 failed while running, 2 wrong input. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        version = "millrace 0.1.0",
        description = "Online learning on streams, as a loop that closes.",
        footer = {"", "Example:", "  millrace demo          watch the loop learn from real flight delays"})
public final class Millrace implements Runnable {
    /** In the order in which help shows them. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("up", UpCommand.class);
        COMMANDS.put("demo", DemoCommand.class);
        COMMANDS.put("learn", LearnCommand.class);
        COMMANDS.put("model", ModelCommand.class);
        COMMANDS.put("verify", VerifyCommand.class);
        COMMANDS.put("consistency", ConsistencyCommand.class);
        COMMANDS.put("trace", TraceCommand.class);
        COMMANDS.put("deadletters", DeadLettersCommand.class);
        COMMANDS.put("alerts", AlertsCommand.class);
        COMMANDS.put("erase", EraseCommand.class);
        COMMANDS.put("serve", ServeCommand.class);
        COMMANDS.put("collect", CollectCommand.class);
        COMMANDS.put("sources", SourcesCommand.class);
        COMMANDS.put("history", HistoryCommand.class);
        COMMANDS.put("backfill", BackfillCommand.class);
        COMMANDS.put("topics", TopicsCommand.class);
        COMMANDS.put("spec", SpecCommand.class);
        COMMANDS.put("cluster", ClusterCommand.class);
        COMMANDS.put("chaos", ChaosCommand.class);
    }

    private static final int FAILED = 1;
    private static final int WRONG_INPUT = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Millrace() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command line and returns its exit code. */
    static int run(String... args) {
        return commandLine(args).execute(args);
    }

    /** @param args whose first, if it is a command, is the only command that is looked at: the start is faster then */
    static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Millrace());
        COMMANDS.forEach((name, command) -> {
            if (args.length == 0 || args[0].equals(name) || !COMMANDS.containsKey(args[0])) {
                line.addSubcommand(name, command);
            }
        });
        line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Millrace::execute)
                .setParameterExceptionHandler((wrong, given) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr()
                            .println("millrace: " + wrong.getMessage() + "; see "
                                    + command.getCommandSpec().qualifiedName() + " --help");
                    return WRONG_INPUT;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    PrintWriter err = command.getErr();
                    if (failure instanceof StartException
                            || failure instanceof SpecException
                            || failure instanceof DeploymentException) {
                        err.println("millrace: " + failure.getMessage());
                        return WRONG_INPUT;
                    }
                    Optional<Problem> refused = ClientProblem.of(failure);
                    if (refused.isPresent()) {
                        err.println("millrace: " + refused.get());
                        return FAILED;
                    }
                    Optional<KafkaException> kafka = kafka(failure);
                    if (kafka.isPresent()) {
                        err.println("millrace: Kafka: " + root(kafka.get()).getMessage()
                                + " (expected: brokers that can be reached, as --kafka or --config names them)");
                        return FAILED;
                    }
                    err.println("millrace: " + failure);
                    failure.printStackTrace(err);
                    return FAILED;
                });
        collectErrors(line);
        return line;
    }

    private static void collectErrors(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(Millrace::collectErrors);
    }

    /** Runs what was asked for, unless flags were wrong: then all of them are told. */
    private static int execute(ParseResult parsed) {
        ParseResult last = parsed;
        List<Exception> errors = new ArrayList<>(parsed.errors());
        boolean asksForHelp = isHelp(parsed);
        while (last.hasSubcommand()) {
            last = last.subcommand();
            errors.addAll(last.errors());
            asksForHelp |= isHelp(last);
        }
        if (errors.isEmpty() || asksForHelp) {
            return new CommandLine.RunLast().execute(parsed);
        }
        throw new ParameterException(
                last.commandSpec().commandLine(),
                errors.stream().map(Exception::getMessage).distinct().collect(Collectors.joining("\n")));
    }

    private static boolean isHelp(ParseResult parsed) {
        return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given (expected: one of "
                        + String.join(", ", spec.subcommands().keySet()) + ")");
    }

    /** What Kafka's own client has to say, if it is behind a failure. */
    private static Optional<KafkaException> kafka(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KafkaException kafka) {
                return Optional.of(kafka);
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
