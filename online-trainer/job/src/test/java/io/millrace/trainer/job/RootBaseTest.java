package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootBaseTest {
    @TempDir
    private Path directory;

    @Test
    void startsAShardFromWhatAnotherLearned() throws Exception {
        SnapshotStore store = SnapshotStore.of(directory.toUri());
        try (ShardLearner elsewhere = new Recorded(1, 500, 1).learned(0, "elsewhere");
                ShardLearner shard = new ShardLearner(Recorded.SPEC, "here", 3)) {
            RootBase root = write(store, elsewhere);
            root.read(store).start(shard);
            assertThat(shard.offset()).isZero();
            assertThat(shard.digest()).isEqualTo(elsewhere.digest());
            assertThat(new RootBase(root.uri(), "0123456789abcdef"))
                    .satisfies(other -> assertThatThrownBy(() -> other.read(store))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(elsewhere.digest())
                            .hasMessageContaining("(expected: the root's, 0123456789abcdef)"));
        }
    }

    @Test
    void aCheckpointAfterTheStartHoldsAllOfIt() throws Exception {
        SnapshotStore store = SnapshotStore.of(directory.toUri());
        try (ShardLearner elsewhere = new Recorded(1, 500, 1).learned(0, "elsewhere")) {
            ShardLearner learner = new ShardLearner(Recorded.SPEC, "here", 0);
            write(store, elsewhere).read(store).start(learner);
            try (HostedShard shard = new HostedShard(learner, null, true, 0)) {
                assertThat(shard.takeUnsavedBlocks())
                        .hasSameSizeAs(elsewhere.copyBlocks())
                        .isNotEmpty();
                assertThat(shard.takeUnsavedBlocks()).isEmpty();
            }
        }
    }

    @Test
    void theLineageNamesWhatTheRootHoldsAndNotWhereItLies() {
        RootBase root = new RootBase("file:///a", "0123456789abcdef");
        String lineage = settings(root).lineage();
        assertThat(settings(new RootBase("file:///b", root.digest())).lineage()).isEqualTo(lineage);
        assertThat(settings(new RootBase("file:///a", "0123456789abcdee")).lineage())
                .isNotEqualTo(lineage);
        assertThatThrownBy(() -> new RootBase("file:///a", "xyz")).hasMessage("digest: xyz (expected: 16 hex digits)");
    }

    private static LearnJobSettings settings(RootBase root) {
        return new LearnJobSettings(
                Recorded.SPEC, URI.create("file:///bases"), "topic", 2, root, Duration.ofSeconds(1));
    }

    private static RootBase write(SnapshotStore store, ShardLearner learner) throws Exception {
        BaseName name = new BaseName("movies", "elsewhere", 0, learner.offset());
        SnapshotStore.Stored stored =
                store.write(name, out -> BaseSnapshot.write(out, learner.header(), learner.copyBlocks()));
        return new RootBase(stored.uri(), learner.digest());
    }
}
