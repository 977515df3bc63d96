package io.millrace.features.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The vectors were computed with the reference implementation of XXH3, through Python's {@code xxhash}. */
class FeatureHashTest {
    @Test
    void hashesAsTheReferenceDoes() throws IOException {
        for (Map<String, String> vector : vectors("hash")) {
            assertThat(FeatureHash.of(vector.get("field")).hash(vector.get("value")))
                    .as("%s", vector)
                    .isEqualTo(Long.parseUnsignedLong(vector.get("hash"), 16));
        }
    }

    @Test
    void combinesAsTheReferenceDoes() throws IOException {
        for (Map<String, String> vector : vectors("combine")) {
            assertThat(FeatureHash.combine(
                            Long.parseUnsignedLong(vector.get("before"), 16),
                            Long.parseUnsignedLong(vector.get("next"), 16)))
                    .as("%s", vector)
                    .isEqualTo(Long.parseUnsignedLong(vector.get("hash"), 16));
        }
    }

    @Test
    void tellsTheSameValueOfTwoFieldsApart() {
        assertThat(FeatureHash.of("origin").hash("JFK"))
                .isNotEqualTo(FeatureHash.of("destination").hash("JFK"));
        assertThat(FeatureHash.of("ab").hash("c"))
                .isNotEqualTo(FeatureHash.of("a").hash("bc"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, String>> vectors(String name) throws IOException {
        String resource = "/vectors/feature-hash.json";
        try (InputStream in = Objects.requireNonNull(FeatureHashTest.class.getResourceAsStream(resource), resource)) {
            Object json = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            return ((Map<String, List<Map<String, String>>>) json).get(name);
        }
    }
}
