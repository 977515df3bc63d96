package io.millrace.bench.own;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import io.millrace.features.encode.FeatureHash;
import io.millrace.record.Example;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A data set as it would lie in the topic {@code examples}: one encoded record an example. */
public final class ExampleLog {
    private static final Codec<Example> CODEC = Codec.of(Example.class);
    private static final long SECOND = 1_000_000;

    private static final long VERSION_7 = 0x0190_d5b0_0000_7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private ExampleLog() {}

    /**
     * @param set the features of {@link BenchSpec#of}
     */
    public static byte[][] of(DataSet data, FeatureSet set) {
        List<Column> columns = data.columns();
        FeatureHash[] hashes =
                columns.stream().map(column -> FeatureHash.of(column.name())).toArray(FeatureHash[]::new);
        FeatureVector vector = new FeatureVector(set);
        byte[][] log = new byte[data.size()][];
        for (int i = 0; i < log.length; i++) {
            vector.clear();
            for (int c = 0; c < columns.size(); c++) {
                int position = set.shared() + c;
                fill(vector, position, columns.get(c), hashes[c], i);
            }
            log[i] = CODEC.encode(example(vector, i, data.labels()[i]));
        }
        return log;
    }

    private static void fill(FeatureVector vector, int position, Column column, FeatureHash hash, int example) {
        if (column instanceof Column.Categorical categorical) {
            if (categorical.codes()[example] != Column.MISSING) {
                vector.categorical(position, hash.hash(categorical.text(example)));
            }
        } else if (column instanceof Column.Numeric numeric) {
            if (!Double.isNaN(numeric.values()[example])) {
                vector.numeric(position, (float) numeric.values()[example]);
            }
        } else if (column instanceof Column.Several several && several.codes()[example].length > 0) {
            long[] elements = Arrays.stream(several.codes()[example])
                    .mapToLong(code -> hash.hash(several.texts().apply(code)))
                    .toArray();
            if (several.isWeighted()) {
                vector.weightedSet(position, elements, several.weights()[example]);
            } else {
                Arrays.sort(elements);
                vector.hashes(position, elements);
            }
        }
    }

    /** The id of an example's decision: all differ, as those of a stream do. */
    public static String decisionId(int number) {
        return new UUID(VERSION_7, VARIANT | number).toString();
    }

    private static Example example(FeatureVector vector, int number, boolean label) {
        return Example.newBuilder()
                .setDecisionId(decisionId(number))
                .setSlot(0)
                .setFeatureSet(vector.set().name())
                .setFeatureSetVersion(vector.set().version())
                .setFeatures(ByteBuffer.wrap(vector.pack()))
                .setReward(label ? 1 : 0)
                .setPropensity(1)
                .setArm("learned")
                .setDecisionTimeMicros(number * SECOND)
                .setLabelDelayMicros(SECOND)
                .build();
    }
}
