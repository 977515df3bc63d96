package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.vector.FeatureVector;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseFileTest {
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: movies
            decision: {subject: user, candidate: {age: numeric}}
            feedback: {reward: {click: 1.0}}
            model: {learner: ftrl, bits: 8}
            """, "spec.yaml");

    @TempDir
    private Path directory;

    private Path base;
    private byte[] sound;

    @BeforeEach
    void write() throws Exception {
        base = directory.resolve("model.base");
        try (ShardLearner learner = new ShardLearner(SPEC, Lineage.of(SPEC, "test", 1, null), 0);
                OutputStream out = Files.newOutputStream(base)) {
            learner.learn(0, new FeatureVector(SPEC.featureSet()).numeric(1, 3), 1, 1, 0);
            BaseSnapshot.write(out, learner.header(), learner.copyBlocks());
        }
        sound = Files.readAllBytes(base);
    }

    @Test
    void aFileThatWasCutAnywhereIsNamedWithPlaceAndExpectation() throws Exception {
        for (int length = 0; length < sound.length; length += 1 + length / 50) {
            Files.write(base, Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> BaseFile.read("--from:", base))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("--from: " + base + ", after " + length + " of " + length + " bytes: ")
                    .hasMessageContaining("(expected: ")
                    .hasMessageNotContaining("Exception");
        }
    }

    @Test
    void aFileWithAFlippedBitAnywhereIsNamedWithPlaceAndExpectation() throws Exception {
        for (int place = 0; place < sound.length; place += 1 + place / 500) {
            byte[] flipped = sound.clone();
            flipped[place] ^= (byte) (1 << place % 8);
            Files.write(base, flipped);
            assertThatThrownBy(() -> BaseFile.read("--from:", base))
                    .as("flipped at %d", place)
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("--from: " + base + ", after ")
                    .hasMessageContaining(" of " + sound.length + " bytes: ")
                    .hasMessageContaining("(expected: ")
                    .hasMessageNotContaining("Exception");
        }
    }
}
