package io.millrace.features.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueEncoderTest {
    private static final List<Feature> FEATURES = Arrays.stream(FeatureKind.values())
            .map(kind -> new Feature(kind.text(), kind))
            .toList();
    private static final FeatureSet SET =
            new FeatureSet("all", List.of(new Feature("user", FeatureKind.CATEGORICAL)), FEATURES);
    private static final String NUMBER = "a finite number, at most 3.4e38 in size";
    private static final String CATEGORICAL = "a string, a whole number or a boolean";
    private static final String LIST = "a list of strings, whole numbers or booleans";

    private final List<String> names = new ArrayList<>();
    private final ValueEncoder encoder =
            new ValueEncoder(FEATURES, 1, (hash, field, value) -> names.add(field + "=" + value + "#" + hash));
    private final FeatureVector vector = new FeatureVector(SET);
    private final List<String> problems = new ArrayList<>();

    @Test
    void putsEveryKindIntoTheVectorAndTellsTheNames() {
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("Drama", 0.5);
        weights.put("War", -1.0);
        encode(Map.of(
                "numeric",
                2.5,
                "categorical",
                "x",
                "categorical_set",
                List.of("a", "b"),
                "weighted_set",
                weights,
                "sequence",
                List.of("q", "p", "q"),
                "embedding",
                List.of(1, 0.5)));
        assertThat(problems).isEmpty();
        FeatureVector expected = new FeatureVector(SET)
                .numeric(1, 2.5f)
                .categorical(2, hash("categorical", "x"))
                .hashes(
                        3,
                        LongStream.of(hash("categorical_set", "a"), hash("categorical_set", "b"))
                                .sorted()
                                .toArray())
                .weightedSet(4, new long[] {hash("weighted_set", "Drama"), hash("weighted_set", "War")}, new float[] {
                    0.5f, -1
                })
                .hashes(5, hash("sequence", "q"), hash("sequence", "p"), hash("sequence", "q"))
                .embedding(6, 1, 0.5f);
        assertThat(vector.pack()).isEqualTo(expected.pack());
        assertThat(names)
                .containsExactly(
                        "categorical=x#" + hash("categorical", "x"),
                        "categorical_set=a#" + hash("categorical_set", "a"),
                        "categorical_set=b#" + hash("categorical_set", "b"),
                        "weighted_set=Drama#" + hash("weighted_set", "Drama"),
                        "weighted_set=War#" + hash("weighted_set", "War"),
                        "sequence=q#" + hash("sequence", "q"),
                        "sequence=p#" + hash("sequence", "p"),
                        "sequence=q#" + hash("sequence", "q"));
    }

    @Test
    void leavesNullAndAbsentFeaturesMissing() {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("numeric", null);
        encode(values);
        assertThat(problems).isEmpty();
        for (int i = 0; i < SET.size(); i++) {
            assertThat(vector.isPresent(i)).isFalse();
        }
    }

    @Test
    void keepsAnEmptySetPresent() {
        encode(Map.of("categorical_set", List.of()));
        assertThat(vector.isPresent(3)).isTrue();
        assertThat(vector.to(3)).isEqualTo(vector.from(3));
    }

    @Test
    void packsEqualSetsToEqualBytes() {
        encode(Map.of("categorical_set", List.of("b", 7, "a", "b", "7", 7L)));
        byte[] once = vector.pack();
        vector.clear();
        encode(Map.of("categorical_set", List.of("a", "7", "b")));
        assertThat(vector.pack()).isEqualTo(once);
        assertThat(vector.to(3) - vector.from(3)).isEqualTo(3);
    }

    @Test
    void takesWholeNumbersAndBooleansForTheirText() {
        for (Object value : List.of(42, 42L, BigInteger.valueOf(42), "42")) {
            vector.clear();
            encode(Map.of("categorical", value));
            assertThat(vector.hash(vector.from(2))).as("%s", value.getClass()).isEqualTo(hash("categorical", "42"));
        }
        vector.clear();
        encode(Map.of("categorical", true));
        assertThat(vector.hash(vector.from(2))).isEqualTo(hash("categorical", "true"));
    }

    @Test
    void takesEveryKindOfNumber() {
        for (Number value : List.of(3, 3L, 3.0f, 3.0, BigInteger.valueOf(3), new BigDecimal("3.0"))) {
            vector.clear();
            encode(Map.of("numeric", value));
            assertThat(vector.value(vector.from(1))).isEqualTo(3);
        }
    }

    static Stream<Arguments> misfits() {
        List<@Nullable Object> withNull = new ArrayList<>(List.of("a"));
        withNull.add(null);
        Map<String, @Nullable Object> nullWeight = new HashMap<>();
        nullWeight.put("a", null);
        return Stream.of(
                Arguments.of("numeric", "5", "c.numeric: \"5\" (expected: " + NUMBER + ")"),
                Arguments.of("numeric", true, "c.numeric: true (expected: " + NUMBER + ")"),
                Arguments.of("numeric", Double.NaN, "c.numeric: NaN (expected: " + NUMBER + ")"),
                Arguments.of("numeric", Double.POSITIVE_INFINITY, "c.numeric: Infinity (expected: " + NUMBER + ")"),
                Arguments.of("numeric", 1e39, "c.numeric: 1.0E39 (expected: " + NUMBER + ")"),
                Arguments.of("numeric", List.of(1), "c.numeric: [1] (expected: " + NUMBER + ")"),
                Arguments.of("categorical", 1.5, "c.categorical: 1.5 (expected: " + CATEGORICAL + ")"),
                Arguments.of("categorical", List.of("a"), "c.categorical: [a] (expected: " + CATEGORICAL + ")"),
                Arguments.of("categorical_set", "a", "c.categorical_set: \"a\" (expected: " + LIST + ")"),
                Arguments.of("categorical_set", Map.of("a", 1), "c.categorical_set: {a=1} (expected: " + LIST + ")"),
                Arguments.of(
                        "categorical_set",
                        List.of("a", 0.5),
                        "c.categorical_set[1]: 0.5 (expected: " + CATEGORICAL + ")"),
                Arguments.of("sequence", withNull, "c.sequence[1]: null (expected: " + CATEGORICAL + ")"),
                Arguments.of("sequence", List.of(List.of()), "c.sequence[0]: [] (expected: " + CATEGORICAL + ")"),
                Arguments.of("weighted_set", List.of("a"), "c.weighted_set: [a] (expected: an object of numbers)"),
                Arguments.of("weighted_set", Map.of("a", "1"), "c.weighted_set.a: \"1\" (expected: " + NUMBER + ")"),
                Arguments.of("weighted_set", nullWeight, "c.weighted_set.a: null (expected: " + NUMBER + ")"),
                Arguments.of("embedding", 1, "c.embedding: 1 (expected: a list of numbers)"),
                Arguments.of("embedding", List.of(1, "2"), "c.embedding[1]: \"2\" (expected: " + NUMBER + ")"),
                Arguments.of(
                        "embedding",
                        Collections.nCopies(FeatureVector.MAX_ELEMENTS + 1, 1),
                        "c.embedding: 65536 elements (expected: at most 65535 elements)"),
                Arguments.of(
                        "sequence",
                        Collections.nCopies(FeatureVector.MAX_ELEMENTS + 1, "a"),
                        "c.sequence: 65536 elements (expected: at most 65535 elements)"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void saysWhatDoesNotFitAndLeavesItMissing(String feature, Object value, String problem) {
        encode(Map.of(feature, value));
        assertThat(problems).containsExactly(problem);
        assertThat(vector.isPresent(SET.indexOf(feature))).isFalse();
    }

    @Test
    void saysEverythingThatDoesNotFitAtOnceAndKeepsTheRest() {
        encode(Map.of("numeric", "5", "categorical", "x", "embedding", "y"));
        assertThat(problems).hasSize(2);
        assertThat(vector.isPresent(2)).isTrue();
    }

    @Test
    void reportsFeaturesThatAreNotDeclared() {
        List<Problem> reported = new ArrayList<>();
        ValueEncoder two = new ValueEncoder(FEATURES.subList(0, 2), 1, (hash, field, value) -> {});
        two.reportUnknown(Set.of("numeric", "item", "hour"), Set.of("item"), "candidates[3]", reported::add);
        assertThat(reported)
                .singleElement()
                .hasToString("candidates[3].hour: unknown feature (expected: one of numeric, categorical)");
    }

    private void encode(Map<String, ? extends @Nullable Object> values) {
        encoder.encode(values, "c", vector, problem -> problems.add(problem.toString()));
    }

    private static long hash(String field, String value) {
        return FeatureHash.of(field).hash(value);
    }
}
