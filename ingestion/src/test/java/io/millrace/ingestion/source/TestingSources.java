package io.millrace.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Sources from the text of a spec, and what they make of records. */
final class TestingSources {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final long MICROS = 1_767_225_600_000_000L;
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, context: {hour: categorical}, candidate: {item: categorical, age: numeric, tags: categorical_set}}
            feedback: {reward: {click: 1}, match: subject_item}
            """;

    private TestingSources() {}

    /** The source {@code s} with these settings. */
    static SourceSpec source(String settings) {
        return spec(settings).sources().get(0);
    }

    static PipelineSpec spec(String settings) {
        return SpecReader.read(HEAD + "sources: {s: " + settings + "}\n", "p.yaml");
    }

    static SourceMapper mapper(String settings, Path folder, SchemaById schemas) throws SourceException {
        PipelineSpec spec = spec(settings);
        return SourceMapper.of(spec, spec.sources().get(0), folder, schemas, CLOCK);
    }

    /** Of JSON. */
    static SourceMapper mapper(String settings) {
        try {
            return mapper(settings, Path.of("."), id -> Optional.empty());
        } catch (SourceException e) {
            throw new AssertionError(e);
        }
    }

    static SourceRecord record(byte[] value) {
        return new SourceRecord("shop", 3, 14, NOW.toEpochMilli(), value);
    }

    static SourceRecord record(String value) {
        return record(value.getBytes(StandardCharsets.UTF_8));
    }

    static Mapped.Taken taken(Mapped mapped) {
        assertThat(mapped).isInstanceOf(Mapped.Taken.class);
        return (Mapped.Taken) mapped;
    }

    static String reason(Mapped mapped) {
        assertThat(mapped).isInstanceOf(Mapped.Rejected.class);
        return ((Mapped.Rejected) mapped).reason();
    }
}
