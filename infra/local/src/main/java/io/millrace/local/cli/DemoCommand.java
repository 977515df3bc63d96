package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.table.DataException;
import io.millrace.local.DataDirectory;
import io.millrace.local.LocalPipeline;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.SourceFiles;
import io.millrace.local.StartException;
import io.millrace.local.demo.Audience;
import io.millrace.local.demo.Audiences;
import io.millrace.local.demo.Demo;
import io.millrace.local.demo.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the loop learning from an audience that asks and reacts over HTTP.",
            "Progress goes to standard error once a second, the summary to standard output."
        },
        footer = {
            "",
            "Examples:",
            "  millrace demo",
            "  millrace demo --audience ratings --data ml-latest-small --seed 2",
            "  millrace demo --audience simulated --decisions 50000 --report report.json"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--audience",
            paramLabel = "WHO",
            defaultValue = "flights",
            description = "flights (real delays), ratings (a MovieLens folder), simulated (default: ${DEFAULT-VALUE}).")
    private Audiences who;

    @Option(names = "--data", paramLabel = "PATH", description = "The audience's data, where it is not built in.")
    private @Nullable Path data;

    @Option(
            names = "--decisions",
            paramLabel = "N",
            description =
                    "How many decisions, those of earlier runs on the directory among them (default: 15000 for flights, 20000 for the others).")
    private @Nullable Long decisions;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "500",
            description = "Decisions a second (default: ${DEFAULT-VALUE}; 0: as fast as they are answered).")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The audience's randomness (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--headless", description = "No colours: plain lines only.")
    private boolean headless;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the figures there, as one JSON object.")
    private @Nullable Path report;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keeps everything there, and goes on there (default: a temporary directory).")
    private @Nullable Path dataDirectory;

    @Override
    public Integer call() throws Exception {
        check();
        Audience audience = open();
        long wanted = decisions == null ? who.decisions() : decisions;
        if (wanted > audience.limit()) {
            throw new StartException("--decisions: " + wanted + " (expected: at most " + audience.limit()
                    + ", which is what the data holds)");
        }
        PipelineSpec spec = SpecReader.read(who.spec(), who.text() + ".yaml");
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        Path place = dataDirectory == null ? Files.createTempDirectory("millrace-demo") : dataDirectory;
        try {
            return run(audience, wanted, spec, ports, place);
        } finally {
            if (dataDirectory == null) {
                delete(place);
            }
        }
    }

    private int run(Audience audience, long wanted, PipelineSpec spec, LoopbackPorts ports, Path place)
            throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try (DataDirectory directory = DataDirectory.open(place, spec.pipeline() + ", demo of seed " + seed)) {
            Logs.to(directory);
            Demo.Result result;
            List<Summary.Place> places;
            try (LocalPipeline pipeline =
                    LocalPipeline.start(spec, who.spec(), SourceFiles.NONE, directory, ports, err::println)) {
                err.println("millrace: " + audience.name() + " at " + pipeline.http() + ", Kafka at "
                        + pipeline.bootstrapServers());
                places = dataDirectory == null
                        ? List.of()
                        : List.of(new Summary.Place(
                                "everything is in", directory.path().toString()));
                result = new Demo(spec, pipeline, audience).run(wanted, rate, err::println);
            }
            boolean colour = !headless && System.console() != null && System.getenv("NO_COLOR") == null;
            out.println();
            out.print(Summary.of(result.report(), result.statistics(), result.weights(), places, colour));
            out.flush();
            if (report != null) {
                ReportFile.write(report, result.report().json() + "\n");
            }
            return 0;
        }
    }

    private void check() throws StartException {
        if (decisions != null && decisions < 1) {
            throw new StartException("--decisions: " + decisions + " (expected: at least 1)");
        }
        if (!(rate >= 0 && rate <= 1e6)) {
            throw new StartException("--rate: " + rate + " (expected: 0 to 1000000 decisions a second)");
        }
        if (report != null
                && (Files.isDirectory(report)
                        || !Files.isDirectory(report.toAbsolutePath().getParent()))) {
            throw new StartException("--report: " + report + " (expected: a file in a directory that exists)");
        }
    }

    private Audience open() throws StartException {
        try {
            return who.open(Optional.ofNullable(data), seed);
        } catch (DataException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
