package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.vector.TestingVectors.Content;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureTranslationTest {
    private static final Feature HOUR = new Feature("hour", FeatureKind.CATEGORICAL);
    private static final Feature AGE = new Feature("age", FeatureKind.NUMERIC);
    private static final Feature WORDS = new Feature("words", FeatureKind.CATEGORICAL_SET);

    @Test
    void givesTheBytesThatTheOtherSetWouldHaveLogged() {
        int dropped = 0;
        int added = 0;
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            FeatureSet from = TestingVectors.randomSet(random);
            FeatureSet to = changed(from, random);
            FeatureTranslation translation = new FeatureTranslation(from, to);
            FeatureVector out = new FeatureVector(to);
            for (int i = 0; i < 4; i++) {
                List<@Nullable Content> contents = TestingVectors.randomContents(from, random);
                List<@Nullable Content> renamed = new ArrayList<>();
                for (Feature feature : to.features()) {
                    int position = from.indexOf(feature.name());
                    renamed.add(position < 0 ? null : contents.get(position));
                    added += position < 0 ? 1 : 0;
                }
                dropped += (int) from.features().stream()
                        .filter(feature -> to.indexOf(feature.name()) < 0)
                        .count();
                byte[] packed = pack(from, contents);
                byte[] around = new byte[packed.length + 5];
                System.arraycopy(packed, 0, around, 3, packed.length);
                translation.translate(around, 3, packed.length, out);
                byte[] expected = pack(to, renamed);
                assertThat(out.pack()).as("seed %s, vector %s", seed, i).isEqualTo(expected);
                assertThat(out.unpack(expected).pack())
                        .as("seed %s, unpacked after vector %s", seed, i)
                        .isEqualTo(expected);
            }
        }
        assertThat(dropped).isGreaterThan(1000);
        assertThat(added).isGreaterThan(1000);
    }

    private static byte[] pack(FeatureSet set, List<@Nullable Content> contents) {
        FeatureVector vector = new FeatureVector(set);
        TestingVectors.fill(vector, contents, 0, set.size());
        return vector.pack();
    }

    private static FeatureSet changed(FeatureSet set, Random random) {
        return new FeatureSet(
                "changed",
                changed(set.features().subList(0, set.shared()), "t", random),
                changed(set.features().subList(set.shared(), set.size()), "d", random));
    }

    private static List<Feature> changed(List<Feature> features, String prefix, Random random) {
        List<Feature> changed = new ArrayList<>(features);
        int rate = 2 + random.nextInt(10);
        changed.removeIf(feature -> random.nextInt(rate) == 0);
        if (random.nextInt(3) == 0) {
            Collections.shuffle(changed, random);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            FeatureKind kind = FeatureKind.values()[random.nextInt(FeatureKind.values().length)];
            changed.add(random.nextInt(changed.size() + 1), new Feature(prefix + i, kind));
        }
        return changed;
    }

    @Test
    void bytesOfAnotherVectorLeaveTheOtherEmpty() {
        FeatureSet from = new FeatureSet("a", List.of(HOUR), List.of(WORDS));
        FeatureSet to = new FeatureSet("b", List.of(HOUR, AGE), List.of(WORDS));
        FeatureTranslation translation = new FeatureTranslation(from, to);
        FeatureVector out = new FeatureVector(to).categorical(0, 7).numeric(1, 2);
        byte[] packed = new FeatureVector(from).categorical(0, 7).hashes(1, 3).pack();
        assertThatThrownBy(() -> translation.translate(packed, 0, packed.length - 1, out))
                .isInstanceOf(MalformedVectorException.class)
                .hasMessageStartingWith("feature words: ");
        assertThat(out.pack()).isEqualTo(new FeatureVector(to).pack());
        assertThatThrownBy(() -> translation.translate(packed, 0, packed.length, new FeatureVector(from)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("vector: of a@");
    }

    @Test
    void saysWhatCannotBeTakenOver() {
        FeatureSet from = new FeatureSet("old", List.of(HOUR, AGE), List.of(WORDS));
        FeatureSet to = new FeatureSet(
                "new",
                List.of(WORDS, new Feature("hour", FeatureKind.NUMERIC)),
                List.of(new Feature("age", FeatureKind.EMBEDDING)));
        String old = "old@" + Long.toHexString(from.version());
        assertThat(FeatureTranslation.problems(from, to))
                .extracting(Problem::toString)
                .containsExactly(
                        "feature hour: numeric (expected: categorical, as in " + old + ", or another name)",
                        "feature age: embedding (expected: numeric, as in " + old + ", or another name)",
                        "feature age: of each candidate (expected: shared by all candidates, as in " + old
                                + ", or another name)",
                        "feature words: shared by all candidates (expected: of each candidate, as in " + old
                                + ", or another name)");
        assertThatThrownBy(() -> new FeatureTranslation(from, to))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feature hour: ")
                .hasMessageContaining("\nfeature words: ");
        assertThat(FeatureTranslation.problems(from, new FeatureSet("new", List.of(AGE), List.of())))
                .isEmpty();
    }
}
