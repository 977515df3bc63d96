package io.millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.SpecReader;
import io.millrace.local.verify.Learnable.Bases;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnableTest {
    private static final String TOPIC = "d3Jlc3RsZQ";
    private static final String YAML = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1.0}, window: 5s, late: 1h}
            model: {learner: ftrl, bits: 8, alpha: %s}
            """;
    private static final SpecText SPEC = spec("0.1");

    @TempDir
    private Path directory;

    private Bases bases;

    @BeforeEach
    void open() {
        bases = new Bases(directory.toUri(), SnapshotStore.of(directory.toUri()));
    }

    @Test
    void aLineageIsLearnedByTheSpecInItsManifest() {
        Learnable found = of(manifest(SPEC, SPEC.yaml(), null), TOPIC, 1, Optional.empty());
        assertThat(found).isInstanceOfSatisfying(Learnable.Yes.class, yes -> {
            assertThat(yes.spec()).isEqualTo(SPEC);
            assertThat(yes.root()).isNull();
        });
    }

    @Test
    void orByTheOneThatIsGivenWhereItFits() {
        Manifest old = manifest(SPEC, null, null);
        assertThat(of(old, TOPIC, 1, Optional.of(SPEC))).isInstanceOf(Learnable.Yes.class);
        assertThat(reason(of(old, TOPIC, 1, Optional.of(spec("0.2"))))).contains("--spec is that of another lineage");
        assertThat(reason(of(old, TOPIC, 1, Optional.empty()))).contains("holds no spec (expected: --spec");
    }

    @Test
    void whatCannotBeLearnedAgainHasAReason() {
        Manifest manifest = manifest(SPEC, SPEC.yaml(), null);
        assertThat(reason(of(manifest, "another", 1, Optional.empty()))).contains("another topic of examples");
        assertThat(reason(of(manifest, TOPIC, 2, Optional.empty()))).contains("it has 1 shards (expected: 2");
        assertThat(reason(of(manifest(SPEC, spec("0.2").yaml(), null), TOPIC, 1, Optional.empty())))
                .contains("that of another lineage");
        assertThat(reason(of(manifest(SPEC, "pipeline: [", null), TOPIC, 1, Optional.empty())))
                .contains("cannot be read by this version");
        assertThat(reason(
                        Learnable.of(new KnownLineage("movies", "l"), TOPIC, 1, Optional.empty(), Optional.of(bases))))
                .contains("no manifest of it is kept");
    }

    @Test
    void aRootIsFoundInTheFirstBaseOrWhereItWasImported() throws Exception {
        try (ShardLearner elsewhere = new ShardLearner(SPEC.spec(), "elsewhere", 0)) {
            String digest = elsewhere.digest();
            Manifest manifest = manifest(SPEC, SPEC.yaml(), digest);
            assertThat(reason(of(manifest, TOPIC, 1, Optional.empty())))
                    .contains("the base file that it started from, of digest " + digest);

            Path imported =
                    Files.createDirectories(directory.resolve("imported")).resolve(digest + ".base");
            try (OutputStream out = Files.newOutputStream(imported)) {
                BaseSnapshot.write(out, elsewhere.header(), elsewhere.copyBlocks());
            }
            assertBegins(of(manifest, TOPIC, 1, Optional.empty()), digest);
            Files.delete(imported);

            bases.store()
                    .write(
                            new BaseName("movies", manifest.getLineage(), 0, 0),
                            out -> BaseSnapshot.write(out, elsewhere.header(), elsewhere.copyBlocks()));
            assertBegins(of(manifest, TOPIC, 1, Optional.empty()), digest);
        }
    }

    private static void assertBegins(Learnable found, String digest) {
        assertThat(found).isInstanceOfSatisfying(Learnable.Yes.class, yes -> {
            assertThat(yes.root()).isNotNull();
            try (ShardLearner begun = yes.begin(0)) {
                assertThat(begun.offset()).isZero();
                assertThat(begun.digest()).isEqualTo(digest);
            }
        });
    }

    private Learnable of(Manifest manifest, String topicId, int partitions, Optional<SpecText> given) {
        KnownLineage lineage = new KnownLineage(manifest.getModel(), manifest.getLineage());
        lineage.add(manifest, 0, 0);
        return Learnable.of(lineage, topicId, partitions, given, Optional.of(bases));
    }

    private static String reason(Learnable found) {
        assertThat(found).isInstanceOf(Learnable.No.class);
        return ((Learnable.No) found).reason();
    }

    private static SpecText spec(String alpha) {
        String yaml = YAML.formatted(alpha);
        return new SpecText(yaml, SpecReader.read(yaml, "test"));
    }

    private static Manifest manifest(SpecText spec, @Nullable String text, @Nullable String root) {
        List<ShardBase> shards = List.of(ShardBase.newBuilder()
                .setShard(0)
                .setOffset(0)
                .setDigest(Digest.text(0))
                .build());
        return Manifest.newBuilder()
                .setModel("movies")
                .setLineage(Lineage.of(spec.spec(), TOPIC, 1, root))
                .setSpec(Lineage.canonicalSpec(spec.spec()))
                .setSeed(0)
                .setTopicId(TOPIC)
                .setRoot(root)
                .setBases(shards)
                .setPlatform(Map.of())
                .setCreatedMicros(0)
                .setSpecText(text)
                .build();
    }
}
