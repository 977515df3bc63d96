package io.millrace.local.cli;

import io.millrace.record.ShardBase;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        description = {
            "Has serving stay at a version of the live model; learning goes on.",
            "The version is learned again from the nearest base before it, compared with what was published, and kept as a file."
        },
        footer = {"", "Example:", "  millrace model pin 2078 --dir data"})
final class ModelPinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "VERSION",
            arity = "0..1",
            description =
                    "An offset of examples: the version that has learned what is before it (default: the newest).")
    private @Nullable Long version;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        return flags.changing(command, operator -> {
            ShardBase pinned = operator.pin(Optional.ofNullable(version));
            command.commandLine()
                    .getOut()
                    .println("serving stays at version " + pinned.getOffset() + ", digest " + pinned.getDigest()
                            + ", until 'millrace model unpin'");
        });
    }

    @Command(
            name = "unpin",
            mixinStandardHelpOptions = true,
            description = "Has serving follow the newest version again.",
            footer = {"", "Example:", "  millrace model unpin --dir data"})
    static final class Unpin implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Mixin
        private ModelFlags flags;

        @Override
        public Integer call() throws Exception {
            return flags.changing(command, operator -> {
                operator.unpin();
                command.commandLine().getOut().println("serving follows the newest version again");
            });
        }
    }
}
