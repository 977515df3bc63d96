package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    private Path directory;

    @Test
    void passesOverAnUnfinishedCheckpoint() throws Exception {
        checkpoint("chk-9", true);
        checkpoint("chk-10", true);
        checkpoint("chk-11", false);
        checkpoint("shared", false);
        assertThat(Checkpoints.newest(directory)).contains(directory.resolve("chk-10"));
    }

    @Test
    void findsNoneBeforeTheFirst() throws Exception {
        assertThat(Checkpoints.newest(directory)).isEmpty();
        assertThat(Checkpoints.newest(directory.resolve("absent"))).isEmpty();
    }

    private void checkpoint(String name, boolean complete) throws Exception {
        Path path = Files.createDirectory(directory.resolve(name));
        if (complete) {
            Files.createFile(path.resolve("_metadata"));
        }
    }
}
