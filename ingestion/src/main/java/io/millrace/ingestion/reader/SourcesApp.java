package io.millrace.ingestion.reader;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.ingestion.source.SchemaById;
import io.millrace.ingestion.source.SourceException;
import io.millrace.ingestion.source.SourceMapper;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RegistrySettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Reads all sources of a spec. Start and close from one thread. */
public final class SourcesApp implements AutoCloseable {
    private final List<Follower> readers = new ArrayList<>();

    private SourcesApp() {}

    /**
     * Starts a thread for each; they go on, whatever fails, until closed.
     *
     * @param folder of the spec, to which files are relative
     * @param schemas where schemas of framed records are, if the deployment says so
     * @throws SourceException with all that is wrong: a schema that cannot be read, or where one is to be had is not said, or where
     *     a cluster is, or a topic is one of ours
     */
    public static SourcesApp start(
            PipelineSpec spec,
            Path folder,
            SourceClusters clusters,
            Optional<RegistrySettings> schemas,
            Clock clock,
            MeterRegistry registry)
            throws SourceException {
        List<Problem> problems = topicProblems(spec.sources(), clusters.own());
        Map<SourceSpec, SourceMapper> mappers =
                mappers(spec, spec.sources(), folder, clusters, schemas, clock, problems);
        SourcesApp app = new SourcesApp();
        mappers.forEach((source, mapper) -> {
            SourceMetrics metrics = new SourceMetrics(registry, source.name());
            AtomicBoolean wasShutOut = new AtomicBoolean();
            app.readers.add(Follower.start(
                    "source-" + source.name(),
                    SourceReader.consumer(clusters, source),
                    () -> new SourceReader(source, mapper, metrics, clock, clusters, wasShutOut)));
        });
        return app;
    }

    /** Who reads what it writes never ends. */
    private static List<Problem> topicProblems(List<SourceSpec> sources, KafkaSettings own) {
        List<Problem> problems = new ArrayList<>();
        for (SourceSpec source : sources) {
            if (source.cluster() == null
                    && Arrays.stream(Topic.values()).map(own::name).anyMatch(source.topic()::equals)) {
                problems.add(new Problem(
                        "sources." + source.name() + ".topic",
                        source.topic(),
                        "a topic of others: this one is Millrace's own"));
            }
        }
        return problems;
    }

    /**
     * What makes records of ours of each source's, in the order of the sources; each mapper belongs to one thread.
     *
     * @param sources of the spec, all or some
     * @throws SourceException with all that cannot be read, or of which it is not said where it is
     */
    public static Map<SourceSpec, SourceMapper> mappers(
            PipelineSpec spec,
            List<SourceSpec> sources,
            Path folder,
            SourceClusters clusters,
            Optional<RegistrySettings> schemas,
            Clock clock)
            throws SourceException {
        return mappers(spec, sources, folder, clusters, schemas, clock, new ArrayList<>());
    }

    private static Map<SourceSpec, SourceMapper> mappers(
            PipelineSpec spec,
            List<SourceSpec> sources,
            Path folder,
            SourceClusters clusters,
            Optional<RegistrySettings> schemas,
            Clock clock,
            List<Problem> problems)
            throws SourceException {
        @Nullable SchemaRegistry registry = schemas.map(SchemaRegistry::new).orElse(null);
        Map<SourceSpec, SourceMapper> mappers = new LinkedHashMap<>();
        for (SourceSpec source : sources) {
            clusters.problem(source).ifPresent(problems::add);
            if (source.needsRegistry() && registry == null) {
                problems.add(Problem.missing(
                        "registry.url", "in the deployment, where the schemas of sources." + source.name() + " are"));
                continue;
            }
            SchemaById known = registry == null ? id -> Optional.empty() : registry;
            try {
                mappers.put(source, SourceMapper.of(spec, source, folder, known, clock));
            } catch (SourceException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new SourceException(problems);
        }
        return mappers;
    }

    @Override
    public void close() {
        readers.forEach(Follower::close);
    }
}
