package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSnapshotStoreTest {
    private static final BaseName NAME = new BaseName("movies", "lineage", 0, 10);

    @TempDir
    private Path directory;

    private SnapshotStore store;

    @BeforeEach
    void open() {
        store = SnapshotStore.of(directory.toUri());
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        SnapshotStore.Stored stored = write(NAME, "content");
        assertThat(stored.checksum()).isEqualTo(7);
        assertThat(read(stored.uri())).isEqualTo("content");
    }

    @Test
    void writesTheSameNameAgain() throws IOException {
        write(NAME, "content");
        assertThat(read(write(NAME, "content").uri())).isEqualTo("content");
        assertThat(store.list("movies", "lineage", 0)).containsExactly(NAME);
    }

    @Test
    void listsOneShardByOffset() throws IOException {
        BaseName later = new BaseName("movies", "lineage", 0, 1_000_000_000_000L);
        write(later, "later");
        write(NAME, "content");
        write(new BaseName("movies", "lineage", 1, 5), "another shard");
        write(new BaseName("movies", "other", 0, 5), "another lineage");
        assertThat(store.list("movies", "lineage", 0)).containsExactly(NAME, later);
        assertThat(store.list("books", "lineage", 0)).isEmpty();
    }

    @Test
    void deletes() throws IOException {
        String uri = write(NAME, "content").uri();
        store.delete(NAME);
        store.delete(NAME);
        assertThat(store.list("movies", "lineage", 0)).isEmpty();
        assertThatThrownBy(() -> store.open(uri)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aWriteThatFailsLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> store.write(NAME, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void whatACrashLeftHalfWrittenIsNotListedAndRemoved() throws IOException {
        Path shard = Files.createDirectories(directory.resolve("movies/lineage/0"));
        Path half = Files.writeString(shard.resolve("x.part"), "half");
        assertThat(store.list("movies", "lineage", 0)).isEmpty();
        write(NAME, "content");
        assertThat(half).doesNotExist();
    }

    @Test
    void noNameLeavesTheDirectory() throws IOException {
        BaseName name = new BaseName("../..", "a/b", 0, 1);
        assertThat(read(write(name, "content").uri())).isEqualTo("content");
        assertThat(store.list("../..", "a/b", 0)).containsExactly(name);
    }

    @Test
    void opensNothingOutsideOfIt() throws IOException {
        Path outside = Files.writeString(directory.resolveSibling("outside.txt"), "secret");
        assertThatThrownBy(() -> store.open(outside.toUri().toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a file below");
        assertThatThrownBy(() -> store.open(directory.toUri() + "/../outside.txt"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.open("no uri")).isInstanceOf(IllegalArgumentException.class);
        Files.delete(outside);
    }

    @Test
    void refusesAStoreOfAnotherKind() {
        assertThatThrownBy(() -> SnapshotStore.of(URI.create("s3://bucket/x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("store: s3://bucket/x (expected:");
    }

    private SnapshotStore.Stored write(BaseName name, String content) throws IOException {
        return store.write(name, out -> {
            out.write(content.getBytes());
            return content.length();
        });
    }

    private String read(String uri) throws IOException {
        try (InputStream in = store.open(uri)) {
            return new String(in.readAllBytes());
        }
    }
}
