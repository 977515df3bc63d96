package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.ingestion.reader.SourceClusters;
import io.millrace.ingestion.reader.SourceSample;
import io.millrace.ingestion.reader.SourcesApp;
import io.millrace.ingestion.source.SchemaUnavailableException;
import io.millrace.ingestion.source.SourceException;
import io.millrace.ingestion.source.SourceMapper;
import io.millrace.ingestion.source.SourceRecord;
import io.millrace.ingestion.source.SourceReport;
import io.millrace.local.StartException;
import io.millrace.local.part.RunningPart;
import io.millrace.local.part.SourcesPart;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import io.millrace.wire.kafka.Deployment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "sources",
        mixinStandardHelpOptions = true,
        description = "Topics of others whose records become events, items, feedback or decisions; docs/sources.md.",
        subcommands = {SourcesCommand.Check.class, SourcesCommand.Run.class},
        footer = {"", "Example:", "  millrace sources check --spec shop.yaml --kafka broker:9092"})
final class SourcesCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given (expected: check or run)");
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Reads the newest records of each source, and shows what each field would become.",
                "Writes nothing. Exit code 1 if a topic is missing, a registry or another cluster does not answer, or a record",
                "does not map."
            },
            footer = {
                "",
                "Example:",
                "  millrace sources check --spec shop.yaml --kafka broker:9092 --source clicks --sample 1000"
            })
    static final class Check implements Callable<Integer> {
        private static final int WRONG = 1;
        private static final int MOST = 100_000;

        @Spec
        private CommandSpec command;

        @Option(names = "--spec", paramLabel = "FILE", required = true, description = "The pipeline; docs/spec.md.")
        private Path spec;

        @Mixin
        private DeploymentFlags deployment;

        @Mixin
        private ClusterFlags clusters;

        @Option(names = "--source", paramLabel = "NAME", description = "This one only.")
        private @Nullable String only;

        @Option(
                names = "--sample",
                paramLabel = "N",
                defaultValue = "100",
                description = "How many records of each (default: ${DEFAULT-VALUE}).")
        private int sample;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = command.commandLine().getOut();
            if (sample < 1 || sample > MOST) {
                throw new StartException(new Problem("--sample", Integer.toString(sample), "1 to " + MOST).toString());
            }
            PipelineSpec pipeline = SpecFile.read("--spec", spec);
            List<SourceSpec> sources = chosen(pipeline);
            Deployment given = deployment.read(clusters.settings());
            boolean isWell = true;
            SourceClusters kafkas = new SourceClusters(given.kafka(), given.clusters());
            for (Map.Entry<SourceSpec, SourceMapper> source :
                    mappers(pipeline, sources, kafkas, given).entrySet()) {
                isWell &= show(out, kafkas, pipeline, source.getKey(), source.getValue());
            }
            return isWell ? 0 : WRONG;
        }

        private List<SourceSpec> chosen(PipelineSpec pipeline) throws StartException {
            List<SourceSpec> sources = pipeline.sources().stream()
                    .filter(source -> only == null || source.name().equals(only))
                    .toList();
            if (sources.isEmpty()) {
                List<String> names =
                        pipeline.sources().stream().map(SourceSpec::name).toList();
                throw new StartException((only == null
                                ? Problem.missing("sources", "in " + spec + ", topics of others")
                                : new Problem("--source", only, Suggestion.expected(only, names)))
                        .toString());
            }
            return sources;
        }

        private Map<SourceSpec, SourceMapper> mappers(
                PipelineSpec pipeline, List<SourceSpec> sources, SourceClusters kafkas, Deployment given)
                throws StartException {
            try {
                return SourcesApp.mappers(
                        pipeline, sources, SpecFile.folder(spec), kafkas, given.registry(), Clock.systemUTC());
            } catch (SourceException e) {
                throw new StartException(String.valueOf(e.getMessage()), e);
            }
        }

        private boolean show(
                PrintWriter out, SourceClusters kafkas, PipelineSpec pipeline, SourceSpec source, SourceMapper mapper) {
            Optional<List<SourceRecord>> records;
            try {
                records = SourceSample.newest(kafkas, source, sample);
            } catch (KafkaException e) {
                if (source.cluster() == null) {
                    throw e;
                }
                out.println(source.name() + ": cluster " + source.cluster() + ": " + e.getMessage());
                return false;
            }
            if (records.isEmpty()) {
                out.println(new Problem(
                        source.name() + ": topic " + source.place(),
                        "missing",
                        "a topic that this principal may read"));
                return false;
            }
            SourceReport report = new SourceReport(pipeline, source);
            try {
                for (SourceRecord record : records.get()) {
                    report.add(record, mapper.map(record));
                }
            } catch (SchemaUnavailableException e) {
                out.println(source.name() + ": " + e.getMessage());
                return false;
            }
            out.println(report.text());
            return report.isWell();
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = {
                "Reads the sources of a pipeline, on brokers that are there, and writes what their records become, each once.",
                "Of several processes, the last one that was started reads."
            },
            footer = {"", "Example:", "  millrace sources run --spec shop.yaml --config millrace.properties --port 8082"
            })
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Option(names = "--spec", paramLabel = "FILE", required = true, description = "The pipeline; docs/spec.md.")
        private Path spec;

        @Mixin
        private DeploymentFlags deployment;

        @Mixin
        private ClusterFlags clusters;

        @Mixin
        private ListenFlags listen;

        @Option(
                names = "--schemas",
                paramLabel = "DIR",
                description = "To which the files with schemas are relative (default: the spec's folder).")
        private @Nullable Path schemas;

        @Override
        public Integer call() throws Exception {
            PipelineSpec pipeline = SpecFile.read("--spec", spec);
            RunningPart part = SourcesPart.start(
                    pipeline,
                    schemas == null ? SpecFile.folder(spec) : schemas,
                    deployment.read(clusters.settings()),
                    listen.host(),
                    listen.port());
            return Running.untilStopped(
                    command,
                    "reading " + pipeline.sources().size() + " sources; health at " + listen.host() + ":" + part.port(),
                    part);
        }
    }
}
