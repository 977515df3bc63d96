package io.millrace.local.cli;

import io.millrace.local.model.ModelOperator;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which model is worked on, and where. */
final class ModelFlags {
    @Mixin
    private LogFlags log;

    @Option(names = "--model", paramLabel = "NAME", description = "The pipeline, where there are several.")
    private @Nullable String model;

    /** What is done. */
    @FunctionalInterface
    interface Action {
        void on(ModelOperator operator) throws Exception;
    }

    /** Looks only. */
    int reading(CommandSpec command, Action action) throws Exception {
        return log.with(command, on(command, action));
    }

    /** Changes something. */
    int changing(CommandSpec command, Action action) throws Exception {
        return log.changing(command, on(command, action));
    }

    private LogFlags.Action on(CommandSpec command, Action action) {
        return (kafka, store) -> {
            action.on(new ModelOperator(
                    kafka,
                    store,
                    Optional.ofNullable(model),
                    Clock.systemUTC(),
                    line -> command.commandLine().getErr().println("millrace: " + line)));
            command.commandLine().getOut().flush();
            return 0;
        };
    }
}
