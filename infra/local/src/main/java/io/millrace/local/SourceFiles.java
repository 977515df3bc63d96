package io.millrace.local;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.reader.SourceClusters;
import io.millrace.ingestion.reader.SourcesApp;
import io.millrace.ingestion.source.SourceException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RegistrySettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What sources need beside the spec.
 *
 * @param folder of the spec, to which files with schemas are relative
 * @param registry where schemas of framed records are
 * @param clusters Kafka clusters of others, by the names that sources call them
 */
public record SourceFiles(Path folder, Optional<RegistrySettings> registry, Map<String, KafkaSettings> clusters) {
    /** For a spec that has no sources. */
    public static final SourceFiles NONE = new SourceFiles(Path.of(""), Optional.empty(), Map.of());

    /** Whether the spec's sources need a registry, or other clusters. */
    public static boolean areNeeded(PipelineSpec spec) {
        return spec.sources().stream().anyMatch(source -> source.needsRegistry() || source.cluster() != null);
    }

    /** Starts their readers. */
    public SourcesApp start(PipelineSpec spec, KafkaSettings kafka, MeterRegistry metrics) throws StartException {
        try {
            return SourcesApp.start(
                    spec, folder, new SourceClusters(kafka, clusters), registry, Clock.systemUTC(), metrics);
        } catch (SourceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
