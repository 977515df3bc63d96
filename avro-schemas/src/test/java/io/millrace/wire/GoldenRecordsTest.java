package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What released versions wrote, each with its schema: {@code golden/<version>/<record>.hex} and {@code .avsc}. A released
 * version's files are never changed; those of the next are written with {@code -Dmillrace.write-golden=<version>}.
 */
class GoldenRecordsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String NEWEST = "0.2";

    static {
        String version = System.getProperty("millrace.write-golden");
        if (version != null) {
            write(version);
        }
    }

    static List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(GOLDEN)) {
            return versions.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void readsWhatEveryReleasedVersionWrote(Path version) throws IOException {
        for (SpecificRecord sample : TestingRecords.all()) {
            Path hex = version.resolve(sample.getSchema().getName() + ".hex");
            if (Files.exists(hex)) {
                Schema writers = schema(hex);
                Schemas schemas = new Schemas();
                schemas.add(writers);
                SpecificRecord read = codec(sample, schemas).decode(bytes(hex));
                for (Schema.Field field : writers.getFields()) {
                    assertThat(value(read, field.name()))
                            .as("%s.%s", hex, field.name())
                            .isEqualTo(value(sample, field.name()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void canReadTheSchemasOfEveryReleasedVersion(Path version) throws IOException {
        for (SpecificRecord sample : TestingRecords.all()) {
            Path hex = version.resolve(sample.getSchema().getName() + ".hex");
            if (Files.exists(hex)) {
                assertThat(SchemaCompatibility.checkReaderWriterCompatibility(sample.getSchema(), schema(hex))
                                .getType())
                        .as("%s", hex)
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            }
        }
    }

    @Test
    void writesWhatTheNewestVersionWrote() throws IOException {
        for (SpecificRecord sample : TestingRecords.all()) {
            Path hex = GOLDEN.resolve(NEWEST).resolve(sample.getSchema().getName() + ".hex");
            assertThat(HexFormat.of().formatHex(codec(sample, new Schemas()).encode(sample)))
                    .as("%s: a changed schema needs golden files of a new version", hex)
                    .isEqualTo(Files.readString(hex).strip());
        }
    }

    @Test
    void hasAGoldenRecordOfEveryTopic() {
        List<Schema> sampled =
                TestingRecords.all().stream().map(SpecificRecord::getSchema).toList();
        for (Topic topic : Topic.values()) {
            topic.schema()
                    .ifPresent(schema -> assertThat(sampled).as("%s", topic).contains(schema));
        }
    }

    private static Object value(SpecificRecord record, String field) {
        return record.get(record.getSchema().getField(field).pos());
    }

    private static Schema schema(Path hex) throws IOException {
        String name = hex.getFileName().toString().replace(".hex", ".avsc");
        return new Schema.Parser().parse(Files.readString(hex.resolveSibling(name)));
    }

    private static byte[] bytes(Path hex) throws IOException {
        return HexFormat.of().parseHex(Files.readString(hex).strip());
    }

    @SuppressWarnings("unchecked")
    private static Codec<SpecificRecord> codec(SpecificRecord sample, Schemas schemas) {
        return Codec.of((Class<SpecificRecord>) sample.getClass(), schemas);
    }

    private static void write(String version) {
        Path directory = GOLDEN.resolve(version);
        try {
            Files.createDirectories(directory);
            for (SpecificRecord sample : TestingRecords.all()) {
                Path hex = directory.resolve(sample.getSchema().getName() + ".hex");
                if (!Files.exists(hex)) {
                    byte[] encoded = codec(sample, new Schemas()).encode(sample);
                    Files.writeString(hex, HexFormat.of().formatHex(encoded) + "\n");
                    Files.writeString(
                            directory.resolve(sample.getSchema().getName() + ".avsc"), sample.getSchema() + "\n");
                }
            }
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
