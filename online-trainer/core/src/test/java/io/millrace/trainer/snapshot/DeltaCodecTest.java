package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Delta;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaCodecTest {
    private static final int PARAMETERS = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void partsInAnyOrderMakeTheSameDelta(long seed) {
        Random random = new Random(seed);
        WeightDelta delta = random(random, random.nextInt(5000));
        List<Delta> parts = new ArrayList<>(DeltaCodec.encode(delta, 5, 900));
        Collections.shuffle(parts, random);
        WeightDelta decoded = DeltaCodec.decode(parts, PARAMETERS, 1);
        assertThat(decoded).usingRecursiveComparison().isEqualTo(delta);
    }

    @Test
    void aBitThatTurnedInAnyFieldButTheTimeIsFound() {
        Delta part = DeltaCodec.encode(random(new Random(4), 40), 5).get(0);
        byte[] values = part.getValues().array().clone();
        byte[] indices = part.getIndices().array().clone();
        for (int bit = 0; bit < values.length * Byte.SIZE; bit++) {
            values[bit / Byte.SIZE] ^= 1 << bit % Byte.SIZE;
            assertIsDamaged(Delta.newBuilder(part).setValues(ByteBuffer.wrap(values)));
            values[bit / Byte.SIZE] ^= 1 << bit % Byte.SIZE;
        }
        for (int bit = 0; bit < indices.length * Byte.SIZE; bit++) {
            indices[bit / Byte.SIZE] ^= 1 << bit % Byte.SIZE;
            assertIsDamaged(Delta.newBuilder(part).setIndices(ByteBuffer.wrap(indices)));
            indices[bit / Byte.SIZE] ^= 1 << bit % Byte.SIZE;
        }
        assertIsDamaged(Delta.newBuilder(part).setModel("other"));
        assertIsDamaged(Delta.newBuilder(part).setLineage("other"));
        assertIsDamaged(Delta.newBuilder(part).setShard(part.getShard() + 1));
        assertIsDamaged(Delta.newBuilder(part).setFrom(part.getFrom() - 1));
        assertIsDamaged(Delta.newBuilder(part).setTo(part.getTo() + 1));
        assertIsDamaged(Delta.newBuilder(part).setRows(part.getRows() * 2));
        assertIsDamaged(Delta.newBuilder(part).setDigest(Digest.text(99)));
        assertIsDamaged(Delta.newBuilder(part).setExamples(part.getExamples() + 1));
        assertThat(DeltaCodec.isIntact(
                        Delta.newBuilder(part).setPublishedMicros(6).build()))
                .isTrue();
        assertThat(DeltaCodec.isIntact(Delta.newBuilder(part).setChecksum(0).build()))
                .as("a writer before there were checksums")
                .isTrue();
    }

    private static void assertIsDamaged(Delta.Builder changed) {
        Delta damaged = changed.build();
        assertThat(DeltaCodec.isIntact(damaged)).as("%s", damaged).isFalse();
        assertThatThrownBy(() -> DeltaCodec.decode(List.of(damaged), PARAMETERS, 1))
                .isInstanceOf(MalformedSnapshotException.class);
    }

    @Test
    void partsStayBelowTheLimitOnTheWire() {
        Codec<Delta> codec = Codec.of(Delta.class);
        WeightDelta delta = random(new Random(1), 300_000);
        List<Delta> parts = DeltaCodec.encode(delta, 5);
        assertThat(parts).hasSizeGreaterThan(1);
        assertThat(parts).allSatisfy(part -> assertThat(codec.encode(part)).hasSizeLessThan(1_000_000));
    }

    @Test
    void anEmptyDeltaStillMovesTheVersion() {
        WeightDelta delta = new WeightDelta("m", "l", 0, 3, 4, 1, 1, new int[0], new float[0], Digest.text(1), 7);
        List<Delta> parts = DeltaCodec.encode(delta, 5);
        assertThat(parts).hasSize(1);
        assertThat(DeltaCodec.decode(parts, 1, 1)).usingRecursiveComparison().isEqualTo(delta);
    }

    @Test
    void bytesStayTheSameFromReleaseToRelease() {
        WeightDelta delta = new WeightDelta(
                "m", "l", 0, 3, 4, 301, 1, new int[] {0, 1, 300}, new float[] {1, -2, 0.5f}, Digest.text(1), 7);
        Delta part = DeltaCodec.encode(delta, 5).get(0);
        assertThat(part.getIndices()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 1, (byte) 0xab, 2}));
        assertThat(part.getValues())
                .isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 0, 0, 0, 0x3f}));
    }

    @Test
    void hostileBytesAreRefusedOrHarmless() {
        Random random = new Random(11);
        WeightDelta delta = random(random, 200);
        for (int i = 0; i < 5000; i++) {
            Delta part = DeltaCodec.encode(delta, 5).get(0);
            byte[] bytes = (random.nextBoolean() ? part.getIndices() : part.getValues()).array();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                WeightDelta decoded = DeltaCodec.decode(List.of(part), PARAMETERS, 1);
                assertThat(decoded.indices()).isSorted();
                assertThat(decoded.indices()[199]).isLessThan(PARAMETERS);
            } catch (MalformedSnapshotException expected) {
                assertThat(expected).hasMessageContaining("expected:");
            }
        }
    }

    @Test
    void refusesPartsThatDoNotBelongTogether() {
        List<Delta> parts = new ArrayList<>(DeltaCodec.encode(random(new Random(1), 500), 5, 900));
        assertThatThrownBy(() -> DeltaCodec.decode(parts.subList(1, parts.size()), PARAMETERS, 1))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessageStartingWith("part:");
        List<Delta> twice = new ArrayList<>(parts);
        twice.set(1, twice.get(0));
        assertThatThrownBy(() -> DeltaCodec.decode(twice, PARAMETERS, 1))
                .isInstanceOf(MalformedSnapshotException.class);
        parts.set(1, Delta.newBuilder(parts.get(1)).setTo(99).build());
        assertThatThrownBy(() -> DeltaCodec.decode(parts, PARAMETERS, 1))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessageContaining("a part of");
        assertThatThrownBy(() -> DeltaCodec.decode(List.of(), PARAMETERS, 1))
                .isInstanceOf(MalformedSnapshotException.class);
    }

    @Test
    void refusesAnIndexBeyondTheModelAndNumbersThatAreNotFinite() {
        WeightDelta beyond = new WeightDelta("m", "l", 0, 0, 1, 64, 1, new int[] {64}, new float[] {1}, "", 1);
        assertThatThrownBy(() -> DeltaCodec.decode(DeltaCodec.encode(beyond, 0), 64, 1))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessage("indices: 64 (expected: ascending, above -1 and below 64)");
        WeightDelta infinite =
                new WeightDelta("m", "l", 0, 0, 1, 64, 1, new int[] {1}, new float[] {Float.POSITIVE_INFINITY}, "", 1);
        assertThatThrownBy(() -> DeltaCodec.decode(DeltaCodec.encode(infinite, 0), 64, 1))
                .isInstanceOf(MalformedSnapshotException.class);
    }

    private static WeightDelta random(Random random, int size) {
        TreeSet<Integer> distinct = new TreeSet<>();
        while (distinct.size() < size) {
            distinct.add(random.nextInt(PARAMETERS));
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        int[] indices = distinct.stream().mapToInt(Integer::intValue).toArray();
        return new WeightDelta("movies", "lineage", 2, 10, 20, PARAMETERS, 1, indices, values, Digest.text(3), 17);
    }
}
