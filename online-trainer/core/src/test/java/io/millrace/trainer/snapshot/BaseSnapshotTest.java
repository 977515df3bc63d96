package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseSnapshotTest {
    /** Of each release that changed the format, oldest first; every later one must read it. */
    private static final List<String> RELEASES = List.of("base-0.1.base", "base-0.2.base");

    private static final String GOLDEN = "/io/millrace/trainer/snapshot/";

    static List<String> releases() {
        return RELEASES;
    }

    @ParameterizedTest
    @MethodSource("releases")
    void readsTheFileOfEveryReleaseAndWritesWhatItRead(String release) throws IOException {
        byte[] golden = golden(release);
        Collected rows = new Collected();
        SnapshotHeader header = BaseSnapshot.read(new ByteArrayInputStream(golden), 0, rows);
        assertThat(header.getModel()).isEqualTo("movies");
        assertThat(header.getOffset()).isEqualTo(60);
        assertThat(header.getProgress().getExamples() + header.getProgress().getCorrections())
                .isEqualTo(60);
        byte[] written = write(header, rows.blocks);
        Collected again = new Collected();
        assertThat(BaseSnapshot.read(new ByteArrayInputStream(written), 0, again))
                .isEqualTo(header);
        assertThat(again.blocks).usingRecursiveComparison().isEqualTo(rows.blocks);
        if (release.equals(newest())) {
            assertThat(written).isEqualTo(golden());
        }
    }

    @Test
    void theSameExamplesGiveTheFileOfTheNewestRelease() throws IOException {
        try (ShardLearner learner = learned()) {
            if (Boolean.getBoolean("millrace.write-golden-base")) {
                Files.write(
                        Path.of("src/test/resources" + GOLDEN + newest()),
                        write(learner.header(), learner.copyBlocks()));
            }
            assertThat(write(learner.header(), learner.copyBlocks())).isEqualTo(golden());
        }
    }

    @Test
    void aModelReadFromItScoresWithTheTrainersWeights() throws IOException {
        byte[] file = golden();
        ModelSnapshot snapshot = ModelSnapshot.read(new ByteArrayInputStream(file), 0);
        try (ShardLearner learner = learned()) {
            ModelSnapshot followed = ModelSnapshot.initial("movies", "lineage", 0, snapshot.loss(), snapshot.rows(), 1)
                    .apply(learner.cut().orElseThrow());
            assertThat(snapshot.nonzero()).isEqualTo(followed.nonzero()).isPositive();
            assertThat(snapshot.digest()).isEqualTo(followed.digest());
            for (int i = 0; i < snapshot.parameters(); i++) {
                assertThat(snapshot.weight(i, 0)).isEqualTo(followed.weight(i, 0));
            }
        }
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        byte[] golden = golden();
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = golden.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(damaged), 0))
                    .isInstanceOf(MalformedSnapshotException.class)
                    .hasMessageContaining("expected:");
        }
    }

    @Test
    void everyMissingEndIsFound() throws IOException {
        byte[] golden = golden();
        for (int length = 0; length < golden.length; length += 97) {
            byte[] cut = Arrays.copyOf(golden, length);
            assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(cut), 0))
                    .isInstanceOf(MalformedSnapshotException.class);
        }
        byte[] longer = Arrays.copyOf(golden, golden.length + 1);
        assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(longer), 0))
                .isInstanceOf(MalformedSnapshotException.class);
    }

    @Test
    void saysWhetherChecksumOrDigestFailed() throws IOException {
        byte[] golden = golden();
        assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(golden), 12))
                .hasMessageStartingWith("checksum: ")
                .hasMessageEndingWith("(expected: the manifest's, c)");
        byte[] damaged = golden.clone();
        damaged[golden.length - 1] ^= 1;
        assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(damaged), 0))
                .hasMessageStartingWith("checksum: ");
        try (ShardLearner learner = learned()) {
            SnapshotHeader header = learner.header();
            header.setDigest(Digest.text(5));
            byte[] file = write(header, learner.copyBlocks());
            assertThatThrownBy(() -> ModelSnapshot.read(new ByteArrayInputStream(file), 0))
                    .hasMessageStartingWith("digest: ")
                    .hasMessageEndingWith("(expected: the header's, 0000000000000005)");
        }
    }

    private static ShardLearner learned() {
        ShardLearner learner = new ShardLearner(TestingSpecs.movies(), "lineage", 0);
        TestingExamples examples = new TestingExamples(TestingSpecs.movies(), 1);
        for (int i = 0; i < 60; i++) {
            learner.learn(i, examples.next());
        }
        return learner;
    }

    private static byte[] write(SnapshotHeader header, List<RowBlock> blocks) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BaseSnapshot.write(out, header, blocks);
        return out.toByteArray();
    }

    private static String newest() {
        return RELEASES.get(RELEASES.size() - 1);
    }

    private static byte[] golden() throws IOException {
        return golden(newest());
    }

    private static byte[] golden(String release) throws IOException {
        try (InputStream in = BaseSnapshotTest.class.getResourceAsStream(GOLDEN + release)) {
            return in.readAllBytes();
        }
    }

    private static final class Collected implements BaseSnapshot.Rows {
        private final List<RowBlock> blocks = new ArrayList<>();
        private int columns;

        @Override
        public void begin(SnapshotHeader header) {
            columns = header.getColumns().size();
        }

        @Override
        public void block(int number, float[] rows) {
            blocks.add(RowBlock.pack(number, rows, columns));
        }
    }
}
