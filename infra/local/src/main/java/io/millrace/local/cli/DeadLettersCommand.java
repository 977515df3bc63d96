package io.millrace.local.cli;

import io.millrace.local.StartException;
import io.millrace.local.letters.LetterBox;
import io.millrace.local.letters.LetterReplay;
import io.millrace.local.letters.Selection;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "deadletters",
        mixinStandardHelpOptions = true,
        description = "Shows the records that nobody could use, and sends them again.",
        subcommands = {DeadLettersCommand.All.class, DeadLettersCommand.Show.class, DeadLettersCommand.Replay.class},
        footer = {
            "",
            "Examples:",
            "  millrace deadletters list --dir data",
            "  millrace deadletters show feedback 0 17 --dir data",
            "  millrace deadletters replay --topic feedback --dry-run --kafka 127.0.0.1:9092"
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given (expected: list, show or replay)");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "How many there are of each topic, component and reason, with an example of each.",
            footer = {"", "Example:", "  millrace deadletters list --dir data"})
    static final class All implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Mixin
        private LogFlags log;

        @Override
        public Integer call() throws Exception {
            return log.with(command, (kafka, store) -> {
                try (LetterBox box = new LetterBox(kafka)) {
                    print(command, box.list());
                    return 0;
                }
            });
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Why a record was rejected, and the record, decoded if it can be.",
            footer = {"", "Example:", "  millrace deadletters show feedback 0 17 --dir data"})
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Parameters(index = "0", paramLabel = "TOPIC", description = "Where it stood, as list shows it.")
        private String topic;

        @Parameters(index = "1", paramLabel = "PARTITION", description = "Its partition.")
        private int partition;

        @Parameters(index = "2", paramLabel = "OFFSET", description = "Its offset.")
        private long offset;

        @Mixin
        private LogFlags log;

        @Override
        public Integer call() throws Exception {
            return log.with(command, (kafka, store) -> {
                try (LetterBox box = new LetterBox(kafka)) {
                    print(command, box.show(topic, partition, offset));
                    return 0;
                }
            });
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = {
                "Sends the bytes of rejected records to where they stood, each once, however often this is run.",
                "Exit code 1 if some that are meant may not be sent again."
            },
            footer = {
                "",
                "Examples:",
                "  millrace deadletters replay --topic feedback --dry-run --dir data",
                "  millrace deadletters replay --reason fingerprint --since 2030-01-02T03:00:00Z --kafka 127.0.0.1:9092"
            })
    static final class Replay implements Callable<Integer> {
        private static final int REFUSED = 1;

        @Spec
        private CommandSpec command;

        @Option(names = "--topic", paramLabel = "NAME", description = "Those of this topic.")
        private @Nullable String topic;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Those whose reason contains this.")
        private @Nullable String reason;

        @Option(names = "--since", paramLabel = "TIME", description = "Those rejected then or later, ISO 8601 in UTC.")
        private @Nullable Instant since;

        @Option(names = "--until", paramLabel = "TIME", description = "Those rejected before.")
        private @Nullable Instant until;

        @Option(names = "--dry-run", description = "Says what would be sent, and sends nothing.")
        private boolean dryRun;

        @Mixin
        private LogFlags log;

        @Override
        public Integer call() throws Exception {
            if (topic == null && reason == null && since == null && until == null) {
                throw new ParameterException(
                        command.commandLine(),
                        "nothing selected (expected: --topic, --reason, --since or --until, or several of them)");
            }
            return log.with(command, (kafka, store) -> {
                try (LetterBox box = new LetterBox(kafka)) {
                    LetterReplay replay = new LetterReplay(kafka, box, Clock.systemUTC());
                    Optional<String> refusal = topic == null ? Optional.empty() : replay.refusal(topic);
                    if (refusal.isPresent()) {
                        throw new StartException("--topic: " + refusal.get());
                    }
                    return print(replay.run(new Selection(topic, reason, since, until), dryRun));
                }
            });
        }

        private int print(LetterReplay.Result result) {
            StringBuilder text = new StringBuilder();
            result.sent()
                    .forEach((name, count) -> text.append(name)
                            .append(": ")
                            .append(count)
                            .append(dryRun ? " would be sent again\n" : " sent again\n"));
            if (result.before() > 0) {
                text.append(result.before()).append(" had been sent again before\n");
            }
            result.refused()
                    .forEach((why, count) ->
                            text.append(count).append(" not sent: ").append(why).append('\n'));
            DeadLettersCommand.print(command, text.isEmpty() ? "nothing is selected\n" : text.toString());
            return result.refused().isEmpty() ? 0 : REFUSED;
        }
    }

    private static void print(CommandSpec command, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
