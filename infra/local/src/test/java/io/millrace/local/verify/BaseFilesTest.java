package io.millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.PublishedVersions;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.snapshot.SnapshotStore.Stored;
import io.millrace.trainer.state.SnapshotHeader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseFilesTest {
    private static final String LINEAGE = "0011";
    private static final long OFFSET = 7;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1.0}, window: 5s, late: 1h}
            model: {learner: ftrl, bits: 8}
            """, "test");

    @TempDir
    private Path directory;

    private final KnownLineage lineage = new KnownLineage("movies", LINEAGE);
    private final PublishedVersions published = new PublishedVersions();
    private final List<Difference> differences = new ArrayList<>();
    private SnapshotStore store;
    private Stored stored;

    @BeforeEach
    void write() throws Exception {
        store = SnapshotStore.of(directory.toUri());
        try (ShardLearner learner = new ShardLearner(SPEC, LINEAGE, 0)) {
            SnapshotHeader header = learner.header();
            header.setOffset(OFFSET);
            stored = store.write(
                    new BaseName("movies", LINEAGE, 0, OFFSET),
                    out -> BaseSnapshot.write(out, header, learner.copyBlocks()));
        }
    }

    @Test
    void aSoundFileIsAVersion() throws Exception {
        announce(stored.checksum());
        assertThat(check()).isEqualTo(1);
        assertThat(differences).isEmpty();
        assertThat(published.size()).isEqualTo(1);
        assertThat(published.last()).isEqualTo(OFFSET);
    }

    @Test
    void aFlippedBitIsFound() throws Exception {
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(), bytes);
        assertThat(check()).isEqualTo(1);
        assertThat(published.size()).isZero();
        assertThat(differences).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.FILE);
            assertThat(difference.offset()).isEqualTo(OFFSET);
        });
    }

    @Test
    void aFileOtherThanTheManifestSaysIsFound() throws Exception {
        announce(stored.checksum() + 1);
        check();
        assertThat(differences)
                .singleElement()
                .satisfies(difference -> assertThat(difference.text()).contains("the manifest's"));
    }

    @Test
    void aFileUnderAnothersNameIsFound() throws Exception {
        Files.move(file(), file().resolveSibling("%020d.base".formatted(OFFSET + 1)));
        check();
        assertThat(differences)
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.text()).contains("holds another version than its name says"));
    }

    @Test
    void theNewestManifestsFileMustBeThere() throws Exception {
        announce(stored.checksum());
        Files.delete(file());
        assertThat(check()).isZero();
        assertThat(differences)
                .singleElement()
                .satisfies(difference -> assertThat(difference.text()).contains("names a base file that is not there"));
    }

    private int check() throws Exception {
        return new BaseFiles(store, lineage, 0, differences::add).addTo(published);
    }

    private Path file() {
        return Path.of(URI.create(stored.uri()));
    }

    /** By a manifest whose bases are not counted as published here. */
    private void announce(long checksum) {
        ShardBase base = ShardBase.newBuilder()
                .setShard(0)
                .setOffset(OFFSET)
                .setDigest("0000000000000000")
                .setUri(stored.uri())
                .setChecksum(checksum)
                .build();
        lineage.add(
                Manifest.newBuilder()
                        .setModel("movies")
                        .setLineage(LINEAGE)
                        .setSpec("")
                        .setSeed(0)
                        .setTopicId("t")
                        .setBases(List.of(base))
                        .setPlatform(Map.of())
                        .setCreatedMicros(0)
                        .build(),
                0,
                0);
    }
}
