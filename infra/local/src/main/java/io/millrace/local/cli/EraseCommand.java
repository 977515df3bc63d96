package io.millrace.local.cli;

import io.millrace.local.erase.Erased;
import io.millrace.local.erase.Eraser;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Has subjects forgotten: nothing more is learned of what was decided for them until now, and nothing is shown of it.",
            "It cannot be taken back. It says what remains, where and until when. What comes later is learned again."
        },
        footer = {
            "",
            "Examples:",
            "  millrace erase ann --dir data",
            "  millrace model rebuild --without-erased --dir data     a model that never knew them"
        })
final class EraseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "SUBJECT", arity = "1..*", description = "As it was sent with /v1/rank.")
    private List<String> subjects;

    @Mixin
    private LogFlags log;

    @Override
    public Integer call() throws Exception {
        return log.with(command, (kafka, store) -> {
            Erased erased = new Eraser(kafka, Clock.systemUTC()).erase(subjects);
            command.commandLine().getOut().print(erased.text());
            command.commandLine().getOut().flush();
            return 0;
        });
    }
}
