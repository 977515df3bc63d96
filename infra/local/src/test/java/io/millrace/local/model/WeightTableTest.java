package io.millrace.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.Indexer;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.BaseFile;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightTableTest {
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1.0}}
            model: {learner: ftrl, bits: 10, alpha: 0.3}
            """, "spec.yaml");

    @Test
    void everyRowThatIsNotZeroIsThereToTheLastBit() throws Exception {
        StringBuilder text = new StringBuilder();
        Map<Integer, List<Float>> learned = new TreeMap<>();
        try (ShardLearner learner = new ShardLearner(SPEC, "abc", 0)) {
            for (int i = 0; i < 40; i++) {
                FeatureVector vector = new FeatureVector(SPEC.featureSet()).categorical(1, FeatureHash.combine(1, i));
                assertThat(learner.learn(i, vector, i % 3 == 0 ? 1 : 0, 1, 0)).isEmpty();
            }
            List<RowBlock> blocks = List.copyOf(learner.copyBlocks());
            new WeightTable(new BaseFile(learner.header(), blocks)).write(text);
            float[] floats = new float[RowBlock.ROWS * 4];
            for (RowBlock block : blocks) {
                block.unpack(floats, 4);
                for (int row = 0; row < RowBlock.ROWS; row++) {
                    List<Float> values =
                            List.of(floats[row * 4], floats[row * 4 + 1], floats[row * 4 + 2], floats[row * 4 + 3]);
                    if (values.stream().anyMatch(value -> value != 0)) {
                        learned.put(block.number() * RowBlock.ROWS + row, values);
                    }
                }
            }
        }
        List<String> lines = new ArrayList<>(text.toString().lines().toList());
        assertThat(lines.remove(0))
                .startsWith("# model=movies lineage=abc shard=0 offset=40 digest=")
                .contains(" learner=ftrl loss=logistic examples=40 mean_loss=0.");
        assertThat(lines.remove(0)).isEqualTo("row,w,z,n,root_n");
        Map<Integer, List<Float>> told = new TreeMap<>();
        for (String line : lines) {
            String[] parts = line.split(",");
            told.put(
                    Integer.parseInt(parts[0]),
                    List.of(
                            Float.parseFloat(parts[1]),
                            Float.parseFloat(parts[2]),
                            Float.parseFloat(parts[3]),
                            Float.parseFloat(parts[4])));
        }
        assertThat(told).isEqualTo(learned);
        assertThat(told).containsKey(new Indexer(SPEC).constantIndex()).hasSizeGreaterThan(30);
    }
}
