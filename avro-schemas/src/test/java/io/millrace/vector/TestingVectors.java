package io.millrace.vector;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random feature sets and vectors, and a naive reading of the packed form as {@link FeatureVector} documents it. */
final class TestingVectors {
    /** What a position holds, or null where it is missing. */
    record Content(long[] hashes, float[] values) {}

    private TestingVectors() {}

    static FeatureSet randomSet(Random random) {
        return new FeatureSet("random", randomFeatures(random, "s"), randomFeatures(random, "c"));
    }

    private static List<Feature> randomFeatures(Random random, String prefix) {
        List<Feature> features = new ArrayList<>();
        int n = random.nextInt(4) == 0 ? random.nextInt(30) : random.nextInt(9);
        boolean alike = random.nextInt(4) == 0;
        for (int i = 0; i < n; i++) {
            FeatureKind[] kinds =
                    alike && random.nextInt(9) > 0 ? new FeatureKind[] {FeatureKind.CATEGORICAL} : FeatureKind.values();
            features.add(new Feature(prefix + i, kinds[random.nextInt(kinds.length)]));
        }
        return features;
    }

    static List<@Nullable Content> randomContents(FeatureSet set, Random random) {
        List<@Nullable Content> contents = new ArrayList<>();
        for (Feature feature : set.features()) {
            contents.add(random.nextInt(3) == 0 ? null : randomContent(feature.kind(), random));
        }
        return contents;
    }

    private static Content randomContent(FeatureKind kind, Random random) {
        int elements = kind.isSingle() ? 1 : randomCount(random);
        return new Content(
                kind.hasHashes() ? random.longs(elements).toArray() : new long[elements],
                kind.hasValues() ? randomFloats(elements, random) : ones(elements));
    }

    private static int randomCount(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> 127 + random.nextInt(2);
            case 2 -> 16_383 + random.nextInt(2);
            case 3 -> random.nextInt(20) == 0 ? FeatureVector.MAX_ELEMENTS : 300;
            default -> random.nextInt(5);
        };
    }

    private static float[] randomFloats(int n, Random random) {
        float[] floats = new float[n];
        for (int i = 0; i < n; i++) {
            float bits = Float.intBitsToFloat(random.nextInt());
            floats[i] = Float.isFinite(bits) ? bits : -0.0f;
        }
        return floats;
    }

    private static float[] ones(int n) {
        float[] floats = new float[n];
        Arrays.fill(floats, 1);
        return floats;
    }

    /** Fills the positions {@code first .. last} of a vector. */
    static void fill(FeatureVector vector, List<@Nullable Content> contents, int first, int last) {
        for (int i = first; i < last; i++) {
            Content content = contents.get(i);
            if (content != null) {
                switch (vector.kind(i)) {
                    case NUMERIC -> vector.numeric(i, content.values[0]);
                    case CATEGORICAL -> vector.categorical(i, content.hashes[0]);
                    case CATEGORICAL_SET, SEQUENCE -> vector.hashes(i, content.hashes);
                    case WEIGHTED_SET -> vector.weightedSet(i, content.hashes, content.values);
                    case EMBEDDING -> vector.embedding(i, content.values);
                }
            }
        }
    }

    /** The packed form of the positions {@code first .. last}, written from the documentation. */
    static byte[] pack(FeatureSet set, List<@Nullable Content> contents, int first, int last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int start = first; start < last; start += 8) {
            int bits = 0;
            for (int i = start; i < Math.min(last, start + 8); i++) {
                bits += contents.get(i) == null ? 0 : 1 << i - start;
            }
            out.write(bits);
        }
        for (int i = first; i < last; i++) {
            Content content = contents.get(i);
            if (content != null) {
                packPosition(out, set.features().get(i).kind(), content);
            }
        }
        return out.toByteArray();
    }

    private static void packPosition(ByteArrayOutputStream out, FeatureKind kind, Content content) {
        if (kind != FeatureKind.NUMERIC && kind != FeatureKind.CATEGORICAL) {
            int count = content.hashes.length;
            for (; count >= 128; count /= 128) {
                out.write(128 + count % 128);
            }
            out.write(count);
        }
        for (int e = 0; e < content.hashes.length; e++) {
            if (kind != FeatureKind.NUMERIC && kind != FeatureKind.EMBEDDING) {
                littleEndian(out, content.hashes[e], 8);
            }
            if (kind == FeatureKind.NUMERIC || kind == FeatureKind.EMBEDDING || kind == FeatureKind.WEIGHTED_SET) {
                littleEndian(out, Float.floatToRawIntBits(content.values[e]), 4);
            }
        }
    }

    private static void littleEndian(ByteArrayOutputStream out, long value, int bytes) {
        for (int b = 0; b < bytes; b++) {
            out.write((int) (value >>> 8 * b & 0xff));
        }
    }
}
