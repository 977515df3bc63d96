package io.millrace.features.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.Indexer;
import io.millrace.features.spec.SampleSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.wire.DecisionIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors that docs/python.md publishes are ours; infra/python/check_vectors.py holds that they are Python's, too. */
class HashVectorsTest {
    private static final Path PAGE = Path.of("../../docs/python.md");
    private static final Pattern LINE = Pattern.compile("\\| `(\\w+)\\((.*)\\)` \\| `(\\S+)` \\|");

    private record Vector(String function, List<String> arguments, String published) {
        String text(int i) {
            return arguments.get(i).substring(1, arguments.get(i).length() - 1);
        }

        long number(int i) {
            return HashVectorsTest.number(arguments.get(i));
        }
    }

    static Stream<Vector> vectors() throws Exception {
        List<Vector> vectors = Files.readAllLines(PAGE).stream()
                .map(LINE::matcher)
                .filter(found -> found.matches())
                .map(found -> new Vector(found.group(1), List.of(found.group(2).split(", ")), found.group(3)))
                .toList();
        assertThat(vectors).extracting(Vector::function).contains("feature_hash", "combine", "row", "join_key", "draw");
        return vectors.stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsPublishedIsWhatIsComputed(Vector vector) {
        switch (vector.function()) {
            case "feature_hash" ->
                assertThat(FeatureHash.of(vector.text(0)).hash(vector.text(1))).isEqualTo(number(vector.published()));
            case "combine" ->
                assertThat(FeatureHash.combine(vector.number(0), vector.number(1)))
                        .isEqualTo(number(vector.published()));
            case "row" ->
                assertThat(indexer(vector.number(0), vector.number(1)).index(vector.number(2)))
                        .isEqualTo(Integer.parseInt(vector.published()));
            case "join_key" ->
                assertThat(DecisionIds.joinKeyOfRequest(vector.text(0))).isEqualTo(number(vector.published()));
            case "draw" ->
                assertThat(new Sample(new SampleSpec(0.5, vector.number(0)))
                                .draw(vector.text(1), (int) vector.number(2)))
                        .isEqualTo(Double.parseDouble(vector.published()));
            default -> throw new AssertionError("unknown function: " + vector);
        }
    }

    private static Indexer indexer(long seed, long bits) {
        return new Indexer(SpecReader.read("""
                pipeline: movies
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1}}
                model: {learner: ftrl, bits: %d, seed: %d}
                """.formatted(bits, seed), "movies.yaml"));
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
