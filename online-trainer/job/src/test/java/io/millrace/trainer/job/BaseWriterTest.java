package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseWriterTest {
    @TempDir
    private Path directory;

    @Test
    void keepsTheLastThreeUpToTheNewestAndWhateverIsNewerAndTheRoot() throws Exception {
        SnapshotStore store = SnapshotStore.of(directory.toUri());
        Recorded log = new Recorded(1, 50, 1);
        try (ShardLearner learner = log.learned(0, "l");
                BaseWriter writer = new BaseWriter(store)) {
            for (long offset : new long[] {0, 100, 200, 300, 900, 400}) {
                SnapshotHeader header = learner.header();
                header.setOffset(offset);
                ShardBase base = writer.write(header, learner.copyBlocks()).get();
                try (InputStream in = store.open(base.getUri())) {
                    assertThat(ModelSnapshot.read(in, base.getChecksum()).offset())
                            .isEqualTo(offset);
                }
            }
        }
        assertThat(store.list("movies", "l", 0))
                .extracting(BaseName::offset)
                .containsExactly(0L, 200L, 300L, 400L, 900L);
    }
}
