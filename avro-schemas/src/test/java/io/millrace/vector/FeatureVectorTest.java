package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.vector.TestingVectors.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureVectorTest {
    private static final FeatureSet ALL_KINDS = new FeatureSet(
            "all",
            List.of(
                    new Feature("age", FeatureKind.NUMERIC),
                    new Feature("user", FeatureKind.CATEGORICAL),
                    new Feature("likes", FeatureKind.CATEGORICAL_SET),
                    new Feature("unknown", FeatureKind.NUMERIC)),
            List.of(
                    new Feature("tags", FeatureKind.WEIGHTED_SET),
                    new Feature("seen", FeatureKind.SEQUENCE),
                    new Feature("picture", FeatureKind.EMBEDDING),
                    new Feature("nothing", FeatureKind.CATEGORICAL_SET)));

    @Test
    void packsAndUnpacksWhatANaiveModelSays() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            FeatureSet set = TestingVectors.randomSet(random);
            List<@Nullable Content> contents = TestingVectors.randomContents(set, random);
            FeatureVector vector = new FeatureVector(set);
            TestingVectors.fill(vector, contents, 0, set.size());

            byte[] shared = TestingVectors.pack(set, contents, 0, set.shared());
            byte[] candidate = TestingVectors.pack(set, contents, set.shared(), set.size());
            assertThat(vector.packShared()).as("seed %s", seed).isEqualTo(shared);
            assertThat(vector.packCandidate()).as("seed %s", seed).isEqualTo(candidate);
            assertThat(vector.pack()).as("seed %s", seed).isEqualTo(join(shared, candidate));

            FeatureVector unpacked = new FeatureVector(set).unpack(join(shared, candidate));
            assertHolds(unpacked, contents, seed);
            assertHolds(unpacked.unpack(join(shared, candidate)), contents, seed);
        }
    }

    /** Runs of categorical features are left as they were where they can be: never after anything else was there. */
    @Test
    void unpacksIntoAVectorThatHeldOtherVectors() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FeatureSet set = TestingVectors.randomSet(random);
            FeatureVector vector = new FeatureVector(set);
            for (int round = 0; round < 20; round++) {
                List<@Nullable Content> contents = TestingVectors.randomContents(set, random);
                byte[] packed = TestingVectors.pack(set, contents, 0, set.shared());
                packed = join(packed, TestingVectors.pack(set, contents, set.shared(), set.size()));
                switch (random.nextInt(4)) {
                    case 0 -> TestingVectors.fill(vector.clear(), contents, 0, set.size());
                    case 1 -> {
                        byte[] longer = join(packed, new byte[1]);
                        assertThatThrownBy(() -> vector.unpack(longer)).isInstanceOf(MalformedVectorException.class);
                    }
                    default -> assertHolds(vector.unpack(packed), contents, seed);
                }
            }
        }
    }

    @Test
    void keepsTheSharedSectionFromCandidateToCandidate() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FeatureSet set = TestingVectors.randomSet(random);
            List<@Nullable Content> first = TestingVectors.randomContents(set, random);
            FeatureVector vector = new FeatureVector(set);
            TestingVectors.fill(vector, first, 0, set.shared());
            for (int candidate = 0; candidate < 5; candidate++) {
                List<@Nullable Content> next = TestingVectors.randomContents(set, random);
                vector.clearCandidate();
                TestingVectors.fill(vector, next, set.shared(), set.size());
                assertThat(vector.pack())
                        .as("seed %s", seed)
                        .isEqualTo(join(
                                TestingVectors.pack(set, first, 0, set.shared()),
                                TestingVectors.pack(set, next, set.shared(), set.size())));
            }
        }
    }

    @Test
    void packsEveryKindAsItDidWhenFirstReleased() throws IOException {
        byte[] golden = HexFormat.of().parseHex(resource("/golden/0.1/vector.hex"));
        FeatureVector vector = allKinds(new FeatureVector(ALL_KINDS));
        assertThat(HexFormat.of().formatHex(vector.pack()))
                .isEqualTo(HexFormat.of().formatHex(golden));
        FeatureVector unpacked = new FeatureVector(ALL_KINDS).unpack(golden);
        assertThat(unpacked.pack()).isEqualTo(golden);
        assertThat(unpacked.value(unpacked.from(0))).isEqualTo(32.5f);
        assertThat(unpacked.isPresent(3)).isFalse();
        assertThat(unpacked.isPresent(7)).isTrue();
        assertThat(unpacked.from(7)).isEqualTo(unpacked.to(7));
    }

    @Test
    void readsTheRestOfABufferOfEitherByteOrderAndMovesItsPosition() {
        byte[] packed = allKinds(new FeatureVector(ALL_KINDS)).pack();
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            ByteBuffer buffer = ByteBuffer.allocate(3 + packed.length).order(order);
            buffer.position(3).put(packed).position(3);
            FeatureVector vector = new FeatureVector(ALL_KINDS).unpack(buffer);
            assertThat(vector.pack()).isEqualTo(packed);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(buffer.order()).isEqualTo(order);
        }
    }

    @Test
    void refusesAPositionOutOfOrder() {
        FeatureVector vector = new FeatureVector(ALL_KINDS).categorical(1, 7);
        assertThatThrownBy(() -> vector.numeric(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("feature age: out of order (expected: position 2 on)");
        assertThatThrownBy(() -> vector.categorical(1, 8)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void staysAsItWasWhenAValueIsRefused() {
        FeatureVector vector = new FeatureVector(ALL_KINDS);
        byte[] empty = new FeatureVector(ALL_KINDS).pack();
        assertThatThrownBy(() -> vector.numeric(0, Float.NaN))
                .hasMessage("feature age: NaN (expected: a finite number)");
        assertThatThrownBy(() -> vector.categorical(0, 1)).hasMessage("feature age: categorical (expected: numeric)");
        assertThatThrownBy(() -> vector.hashes(1, 1))
                .hasMessage("feature user: categorical_set (expected: categorical)");
        assertThatThrownBy(() -> vector.hashes(2, new long[FeatureVector.MAX_ELEMENTS + 1]))
                .hasMessage("feature likes: 65536 elements (expected: at most 65535)");
        assertThatThrownBy(() -> vector.weightedSet(4, new long[2], new float[1]))
                .hasMessage("feature tags: 1 weights (expected: 2)");
        assertThatThrownBy(() -> vector.weightedSet(4, new long[1], new float[] {Float.POSITIVE_INFINITY}))
                .hasMessage("feature tags: Infinity (expected: a finite number)");
        assertThatThrownBy(() -> vector.embedding(6, 1, Float.NEGATIVE_INFINITY))
                .hasMessage("feature picture: -Infinity (expected: a finite number)");
        assertThat(vector.pack()).isEqualTo(empty);
    }

    private static FeatureVector allKinds(FeatureVector vector) {
        return vector.numeric(0, 32.5f)
                .categorical(1, 0x0123456789abcdefL)
                .hashes(2, 1, -1)
                .weightedSet(4, new long[] {5, 6}, new float[] {0.5f, -2})
                .hashes(5, 9, 8, 9)
                .embedding(6, 0.25f, -0.0f, Float.MIN_VALUE)
                .hashes(7);
    }

    private static void assertHolds(FeatureVector vector, List<@Nullable Content> contents, long seed) {
        for (int i = 0; i < contents.size(); i++) {
            Content content = contents.get(i);
            assertThat(vector.isPresent(i)).as("seed %s, position %s", seed, i).isEqualTo(content != null);
            if (content != null) {
                assertThat(vector.to(i) - vector.from(i))
                        .as("seed %s, position %s", seed, i)
                        .isEqualTo(content.hashes().length);
                for (int e = 0; e < content.hashes().length; e++) {
                    if (vector.hash(vector.from(i) + e) != content.hashes()[e]
                            || Float.compare(vector.value(vector.from(i) + e), content.values()[e]) != 0) {
                        throw new AssertionError("seed " + seed + ", position " + i + ", element " + e);
                    }
                }
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(FeatureVectorTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
