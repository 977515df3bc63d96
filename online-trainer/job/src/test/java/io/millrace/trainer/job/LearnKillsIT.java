package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
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

/** Task managers die in the middle of the stream, and what is learned does not show it: optimiser state included. */
class LearnKillsIT {
    private static final int KILLS = 5;
    private static final int EXAMPLES = 6000;
    private static final int STEP = EXAMPLES / (KILLS + 1);

    @TempDir
    private Path directory;

    private String lineage;

    @Test
    void fiveDeathsLeaveNoTraceInWeightsAndOptimiserState() throws Exception {
        Recorded log = new Recorded(Recorded.spec("learner: auto, bits: 12"), 1, EXAMPLES, 5);
        assertThat(learned(log, false)).isEqualTo(alone(log));
    }

    @Test
    void aJobThatGoesOnOneExampleTooEarlyIsFoundOut() throws Exception {
        Recorded log = new Recorded(Recorded.spec("learner: auto, bits: 12"), 1, EXAMPLES, 5);
        assertThat(learned(log, true)).isNotEqualTo(alone(log));
    }

    /** The last base of a job whose task managers were killed. */
    private byte[] learned(Recorded log, boolean tooEarly) throws Exception {
        URI store = directory.resolve("bases").toUri();
        try (TestingKafka kafka = TestingKafka.start(1);
                LearnCluster cluster = new LearnCluster(directory.resolve("checkpoints"), "rocksdb", 2)) {
            LearnJobSettings sound = LearnJobSettings.lookUp(kafka.settings(), log.spec(), store)
                    .withCheckpointInterval(Duration.ofMillis(200));
            LearnJobSettings settings = tooEarly ? sound.withRestoreTooEarly() : sound;
            cluster.submit(kafka.settings(), settings, 1, Optional.empty(), UnaryOperator.identity());
            try (DeltaFollower follower = new DeltaFollower(kafka.settings(), log.spec(), settings.lineage(), 1)) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    int half = kill * STEP - STEP / 2;
                    send(kafka, log, (kill - 1) * STEP, half);
                    LearnCluster.await("some examples", () -> follower.hasReached(half));
                    cluster.awaitNewCheckpoint();
                    send(kafka, log, half, kill * STEP);
                    cluster.killTaskManager();
                }
                send(kafka, log, KILLS * STEP, EXAMPLES);
                LearnCluster.await("all examples", () -> follower.hasReached(EXAMPLES));
            }
            BaseName last = new BaseName(log.spec().pipeline(), settings.lineage(), 0, EXAMPLES);
            SnapshotStore bases = SnapshotStore.of(store);
            LearnCluster.await("the last base", () -> isThere(bases, last));
            cluster.cancel();
            lineage = settings.lineage();
            String file = String.format("movies/%s/0/%020d.base", settings.lineage(), EXAMPLES);
            try (InputStream in = bases.open(store + "/" + file)) {
                return in.readAllBytes();
            }
        }
    }

    private byte[] alone(Recorded log) throws IOException {
        try (ShardLearner learner = log.learned(0, lineage)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BaseSnapshot.write(out, learner.header(), learner.copyBlocks());
            return out.toByteArray();
        }
    }

    private static boolean isThere(SnapshotStore bases, BaseName name) {
        try {
            return bases.list(name.model(), name.lineage(), name.shard()).contains(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(TestingKafka kafka, Recorded log, int from, int to) {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(
                        kafka.settings().name(Topic.EXAMPLES),
                        0,
                        null,
                        log.partition(0).get(i)));
            }
        }
    }
}
