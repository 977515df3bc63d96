package io.millrace.serving;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.snapshot.SnapshotStore.Stored;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.ProgressState;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/** A trainer that remembers the weights at every offset, and publishes whatever cut of its history a test asks for. */
public final class TestingTrainer {
    private final PipelineSpec spec;
    private final String lineage;
    private final Random random;
    private final int parameters;
    private final List<float[]> history = new ArrayList<>();
    private final List<TreeSet<Integer>> touched = new ArrayList<>();

    public TestingTrainer(PipelineSpec spec, String topicId, long seed) {
        this.spec = spec;
        this.lineage = Lineage.of(spec, topicId, 1, null);
        this.random = new Random(seed);
        this.parameters = 1 << spec.model().bits();
        history.add(new float[parameters]);
    }

    public String lineage() {
        return lineage;
    }

    /** Learns examples, each of which moves some weights. */
    public void learn(int examples) {
        for (int i = 0; i < examples; i++) {
            float[] next = history.get(history.size() - 1).clone();
            TreeSet<Integer> changed = new TreeSet<>();
            for (int j = 0; j < 8; j++) {
                int index = random.nextInt(parameters);
                next[index] = random.nextInt(4) == 0 ? 0 : (float) random.nextGaussian();
                changed.add(index);
            }
            history.add(next);
            touched.add(changed);
        }
    }

    public int offset() {
        return history.size() - 1;
    }

    public float[] weights(long offset) {
        return history.get((int) offset);
    }

    public String digest(long offset) {
        long digest = 0;
        for (int i = 0; i < parameters; i++) {
            digest += Digest.row(i, weights(offset), i, 1);
        }
        return Digest.text(digest);
    }

    /** The delta (from, to]. */
    public List<Delta> delta(int from, int to, int partBytes) {
        TreeSet<Integer> changed = new TreeSet<>();
        for (int i = from; i < to; i++) {
            changed.addAll(touched.get(i));
        }
        int[] indices = changed.stream().mapToInt(Integer::intValue).toArray();
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            values[i] = weights(to)[indices[i]];
        }
        WeightDelta delta =
                new WeightDelta(spec.pipeline(), lineage, 0, from, to, parameters, 1, indices, values, digest(to), to);
        return DeltaCodec.encode(delta, 1_000_000L * to, partBytes);
    }

    public Delta delta(int from, int to) {
        return delta(from, to, DeltaCodec.PART_BYTES).get(0);
    }

    /** The manifest that stands at the beginning of a lineage: no file. */
    public Manifest beginning(long createdMicros) {
        return manifest(List.of(new ShardBase(0, 0L, Digest.text(0), null, 0L)), createdMicros);
    }

    /** Writes the base at an offset and makes its manifest. */
    public Manifest base(int offset, SnapshotStore store, long createdMicros) throws IOException {
        Stored stored = store.write(
                new BaseName(spec.pipeline(), lineage, 0, offset),
                out -> BaseSnapshot.write(out, header(offset), blocks(offset)));
        return manifest(
                List.of(new ShardBase(0, (long) offset, digest(offset), stored.uri(), stored.checksum())),
                createdMicros);
    }

    public Manifest manifest(List<ShardBase> bases, long createdMicros) {
        return Manifest.newBuilder()
                .setModel(spec.pipeline())
                .setLineage(lineage)
                .setSpec(Lineage.canonicalSpec(spec))
                .setSeed(spec.model().seed())
                .setTopicId("topic")
                .setBases(bases)
                .setPlatform(Map.of())
                .setCreatedMicros(createdMicros)
                .build();
    }

    private SnapshotHeader header(int offset) {
        return SnapshotHeader.newBuilder()
                .setModel(spec.pipeline())
                .setLineage(lineage)
                .setSpec(Lineage.canonicalSpec(spec))
                .setShard(0)
                .setOffset(offset)
                .setDigest(digest(offset))
                .setExamples(offset)
                .setRejected(0)
                .setLearner("ftrl")
                .setLoss("logistic")
                .setRows(parameters)
                .setColumns(List.of("w"))
                .setProgress(ProgressState.newBuilder()
                        .setExamples(0)
                        .setCorrections(0)
                        .setWeight(0)
                        .setLoss(0)
                        .setPredicted(0)
                        .setObserved(0)
                        .setObservedSquares(0)
                        .setPositives(List.of())
                        .setNegatives(List.of())
                        .build())
                .build();
    }

    private List<RowBlock> blocks(int offset) {
        List<RowBlock> blocks = new ArrayList<>();
        for (int number = 0; number * RowBlock.ROWS < parameters; number++) {
            float[] rows = new float[RowBlock.ROWS];
            System.arraycopy(weights(offset), number * RowBlock.ROWS, rows, 0, rows.length);
            blocks.add(RowBlock.pack(number, rows, 1));
        }
        return blocks;
    }
}
