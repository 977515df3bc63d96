package io.millrace.local;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.ingestion.reader.SourcesApp;
import io.millrace.ingestion.source.SourceException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RegistrySettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What sources need beside the spec.
 *
 * @param folder of the spec, to which files with schemas are relative
 * @param registry where schemas of framed records are
 */
public record SourceFiles(Path folder, Optional<RegistrySettings> registry) {
    /** For a spec that has no sources. */
    public static final SourceFiles NONE = new SourceFiles(Path.of(""), Optional.empty());

    /** Whether a registry has to be asked for schemas of the spec's sources. */
    public static boolean needsRegistry(PipelineSpec spec) {
        return spec.sources().stream().anyMatch(SourceSpec::needsRegistry);
    }

    /** Starts their readers. */
    public SourcesApp start(PipelineSpec spec, KafkaSettings kafka, MeterRegistry metrics) throws StartException {
        try {
            return SourcesApp.start(spec, folder, kafka, registry, Clock.systemUTC(), metrics);
        } catch (SourceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
