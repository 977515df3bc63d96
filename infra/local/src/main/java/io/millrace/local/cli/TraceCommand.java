package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.trace.Trace;
import io.millrace.local.trace.Tracer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Tells the life of one decision.",
            "From what it was made, what came of it, what was learned from it,",
            "in which version that first was, and which decision was the first to know; docs/verify.md."
        },
        footer = {
            "",
            "Examples:",
            "  millrace trace r-1 --dir data",
            "  millrace trace r-1 --kafka 127.0.0.1:9092 --json"
        })
final class TraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "ID", description = "The decision's id, or the caller's own request id.")
    private String id;

    @Mixin
    private LogFlags log;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "The pipeline, where manifests of an older version do not hold it.")
    private @Nullable Path spec;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Optional<PipelineSpec> given = spec == null ? Optional.empty() : Optional.of(SpecFile.read("--spec", spec));
        return log.with(command, (kafka, store) -> {
            try (Tracer tracer = new Tracer(kafka, given)) {
                Trace trace = tracer.trace(id);
                PrintWriter out = command.commandLine().getOut();
                out.print(json ? trace.json() : trace.text());
                out.flush();
                return 0;
            }
        });
    }
}
