package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnFromRootIT {
    private static final int PARTITIONS = 2;
    private static final int EXAMPLES = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void everyShardStartsFromTheRootAndGoesOnFromCheckpointsWithMoreAndFewerTasks() throws Exception {
        Recorded log = new Recorded(PARTITIONS, EXAMPLES, 2);
        URI bases = directory.resolve("bases").toUri();
        SnapshotStore store = SnapshotStore.of(bases);
        RootBase root = writeRoot(store);
        try (TestingKafka kafka = TestingKafka.start(PARTITIONS);
                LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "rocksdb")) {
            LearnJobSettings plain = LearnJobSettings.lookUp(kafka.settings(), Recorded.SPEC, bases)
                    .withCheckpointInterval(Duration.ofMillis(300));
            LearnJobSettings settings = plain.withRoot(root);
            assertThat(settings.lineage()).isNotEqualTo(plain.lineage());
            Optional<Path> from = Optional.empty();
            int[] parallelisms = {2, 1, 2};
            for (int i = 0; i < parallelisms.length; i++) {
                int end = EXAMPLES * (i + 1) / parallelisms.length;
                cluster.submit(kafka.settings(), settings, parallelisms[i], from, UnaryOperator.identity());
                if (i == 0) {
                    assertFirstManifest(kafka, store, settings, root);
                }
                send(kafka, log, 0, EXAMPLES * i / parallelisms.length, end);
                LearnCluster.await("a base", () -> hasBase(store, settings.lineage(), 0, end));
                if (end < EXAMPLES) {
                    cluster.awaitNewCheckpoint();
                    cluster.cancel();
                    from = cluster.newestCheckpoint();
                    assertThat(from).isPresent();
                }
            }
            send(kafka, log, 1, 0, EXAMPLES);
            for (int shard = 0; shard < PARTITIONS; shard++) {
                int number = shard;
                LearnCluster.await("a base", () -> hasBase(store, settings.lineage(), number, EXAMPLES));
                assertThat(base(bases, settings.lineage(), shard))
                        .isEqualTo(baseOfTheCoreAlone(root.read(store), log, shard, settings.lineage()));
            }
        }
    }

    private static RootBase writeRoot(SnapshotStore store) throws IOException {
        try (ShardLearner elsewhere = new Recorded(1, 3000, 7).learned(0, "elsewhere")) {
            BaseName name = new BaseName("imported", "elsewhere", 0, elsewhere.offset());
            SnapshotStore.Stored stored =
                    store.write(name, out -> BaseSnapshot.write(out, elsewhere.header(), elsewhere.copyBlocks()));
            return new RootBase(stored.uri(), elsewhere.digest());
        }
    }

    private static void assertFirstManifest(
            TestingKafka kafka, SnapshotStore store, LearnJobSettings settings, RootBase root) throws IOException {
        Manifest first = Codec.of(Manifest.class)
                .decode(kafka.read(Topic.MODEL_MANIFESTS, PATIENCE, records -> !records.isEmpty())
                        .get(0)
                        .value());
        assertThat(first.getRoot()).isEqualTo(root.digest());
        assertThat(first.getLineage()).isEqualTo(settings.lineage());
        assertThat(first.getBases()).extracting(ShardBase::getShard).containsExactly(0, 1);
        for (ShardBase base : first.getBases()) {
            assertThat(base.getOffset()).isZero();
            assertThat(base.getDigest()).isEqualTo(root.digest());
            try (InputStream in = store.open(base.getUri())) {
                ModelSnapshot snapshot = ModelSnapshot.read(in, base.getChecksum());
                assertThat(snapshot.lineage()).isEqualTo(settings.lineage());
                assertThat(snapshot.shard()).isEqualTo(base.getShard());
                assertThat(snapshot.offset()).isZero();
                assertThat(snapshot.digest()).isEqualTo(root.digest());
                assertThat(snapshot.nonzero()).isPositive();
            }
        }
    }

    private static void send(TestingKafka kafka, Recorded log, int partition, int from, int to) {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (byte[] value : log.partition(partition).subList(from, to)) {
                producer.send(new ProducerRecord<>(kafka.settings().name(Topic.EXAMPLES), partition, null, value));
            }
        }
    }

    private static boolean hasBase(SnapshotStore store, String lineage, int shard, long offset) {
        BaseName name = new BaseName(Recorded.SPEC.pipeline(), lineage, shard, offset);
        try {
            return store.list(name.model(), lineage, shard).contains(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] base(URI bases, String lineage, int shard) throws IOException {
        String file = String.format("movies/%s/%d/%020d.base", lineage, shard, EXAMPLES);
        try (InputStream in = SnapshotStore.of(bases).open(bases + "/" + file)) {
            return in.readAllBytes();
        }
    }

    private static byte[] baseOfTheCoreAlone(RootBase.Content root, Recorded log, int shard, String lineage)
            throws IOException {
        try (ShardLearner learner = new ShardLearner(Recorded.SPEC, lineage, shard)) {
            root.start(learner);
            log.teach(learner, shard);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BaseSnapshot.write(out, learner.header(), learner.copyBlocks());
            return out.toByteArray();
        }
    }
}
