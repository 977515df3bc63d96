package io.millrace.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.serving.TestingClock;
import io.millrace.serving.TestingSpecs;
import io.millrace.serving.TestingTrainer;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelReplicaTest {
    private static final int SMALL_PART = 90;

    @TempDir
    Path directory;

    private final PipelineSpec spec = TestingSpecs.movies();
    private final TestingClock clock = new TestingClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TestingEvents events = new TestingEvents();
    private final TestingTrainer trainer = new TestingTrainer(spec, "topic", 1);
    private SnapshotStore store;
    private ModelReplica replica;

    @BeforeEach
    void open() {
        store = SnapshotStore.of(directory.toUri());
        replica = new ModelReplica(spec, store, clock, events);
    }

    private void offer(Manifest... manifests) {
        for (Manifest manifest : manifests) {
            replica.onManifest(manifest);
        }
        replica.settle();
        replica.caughtUp();
    }

    private void say(@Nullable TestingTrainer live, @Nullable ShardBase pinned) {
        replica.onControl(ModelControl.newBuilder()
                .setModel(spec.pipeline())
                .setRevision(1)
                .setLive(live == null ? null : live.lineage())
                .setPinned(pinned)
                .setTimeMicros(1)
                .build());
        replica.settle();
    }

    private ModelSnapshot served() {
        return replica.current().orElseThrow().snapshot();
    }

    private static void assertThatServes(ModelSnapshot snapshot, TestingTrainer trainer, int offset) {
        assertThat(snapshot.lineage()).isEqualTo(trainer.lineage());
        assertThat(snapshot.offset()).isEqualTo(offset);
        assertThat(snapshot.digest()).isEqualTo(trainer.digest(offset));
        float[] expected = trainer.weights(offset);
        for (int i = 0; i < expected.length; i++) {
            assertThat(snapshot.weight(i, 0)).isEqualTo(expected[i]);
        }
    }

    private void corrupt(Manifest manifest) throws IOException {
        Path file = Path.of(URI.create(manifest.getBases().get(0).getUri()));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void servesNothingBeforeTheFirstManifest() {
        replica.settle();
        assertThat(replica.current()).isEmpty();
    }

    @Test
    void beginsWithTheInitialWeightsAndAppliesDeltas() {
        trainer.learn(10);
        offer(trainer.beginning(5));
        assertThatServes(served(), trainer, 0);
        assertThat(replica.takeReread()).isEqualTo(OptionalLong.of(5));
        assertThat(replica.takeReread()).isEmpty();
        replica.onDelta(trainer.delta(0, 4));
        replica.onDelta(trainer.delta(4, 10));
        assertThatServes(served(), trainer, 10);
    }

    @Test
    void skipsDeltasItHasAndAppliesOverlappingCutsOfARestartedTrainer() {
        trainer.learn(20);
        offer(trainer.beginning(5));
        replica.onDelta(trainer.delta(0, 10));
        replica.onDelta(trainer.delta(0, 10));
        replica.onDelta(trainer.delta(6, 9));
        assertThat(served().offset()).isEqualTo(10);
        replica.onDelta(trainer.delta(6, 15));
        assertThatServes(served(), trainer, 15);
        assertThat(events.gaps).isEmpty();
    }

    @Test
    void appliesADeltaInPartsOnlyWhenItIsWhole() {
        trainer.learn(20);
        offer(trainer.beginning(5));
        List<Delta> parts = trainer.delta(0, 20, SMALL_PART);
        assertThat(parts.size()).isGreaterThan(3);
        parts.subList(0, parts.size() - 1).forEach(replica::onDelta);
        assertThat(served().offset()).isZero();
        replica.onDelta(parts.get(parts.size() - 1));
        assertThatServes(served(), trainer, 20);
    }

    @Test
    void forgetsThePartsOfADeltaWhoseWriterDied() {
        trainer.learn(20);
        offer(trainer.beginning(5));
        trainer.delta(0, 20, SMALL_PART).subList(0, 2).forEach(replica::onDelta);
        replica.onDelta(trainer.delta(0, 7));
        assertThatServes(served(), trainer, 7);
        List<Delta> again = trainer.delta(5, 20, SMALL_PART);
        again.subList(1, again.size()).forEach(replica::onDelta);
        assertThat(served().offset()).isEqualTo(7);
        again.forEach(replica::onDelta);
        assertThatServes(served(), trainer, 20);
    }

    @Test
    void closesAGapWithANewerBase() throws IOException {
        trainer.learn(30);
        offer(trainer.beginning(5));
        replica.takeReread();
        replica.onDelta(trainer.delta(0, 5));
        replica.onDelta(trainer.delta(10, 15));
        assertThat(served().offset()).isEqualTo(5);
        assertThat(events.gaps).hasSize(1).first().asString().contains("(10, 15]", "from offset 5 or before");
        assertThat(replica.takeReread()).isEqualTo(OptionalLong.of(0));
        replica.onDelta(trainer.delta(15, 20));
        assertThat(replica.takeReread()).isEmpty();
        assertThat(events.gaps).hasSize(1);
        offer(trainer.base(18, store, 99));
        assertThatServes(served(), trainer, 18);
        assertThat(replica.takeReread()).isEqualTo(OptionalLong.of(99));
        replica.onDelta(trainer.delta(15, 20));
        assertThatServes(served(), trainer, 20);
    }

    @Test
    void keepsItsVersionWhereABaseIsBehindIt() throws IOException {
        trainer.learn(30);
        offer(trainer.beginning(5));
        replica.onDelta(trainer.delta(0, 20));
        offer(trainer.base(10, store, 6));
        assertThat(served().offset()).isEqualTo(20);
        assertThat(events.offsets).containsExactly(0L, 20L);
    }

    @Test
    void takesABaseThatStaysAheadAlthoughNoDeltaShowsAGap() throws IOException {
        trainer.learn(30);
        offer(trainer.beginning(5), trainer.base(10, store, 6));
        offer(trainer.base(20, store, 7));
        assertThat(served().offset()).isEqualTo(10);
        clock.advance(ModelReplica.PATIENCE.plusMillis(1));
        replica.settle();
        assertThatServes(served(), trainer, 20);
    }

    @Test
    void bootsFromTheBaseBeforeWhereTheNewestIsBroken() throws IOException {
        trainer.learn(30);
        Manifest older = trainer.base(10, store, 6);
        Manifest newer = trainer.base(20, store, 7);
        corrupt(newer);
        offer(older, newer);
        assertThatServes(served(), trainer, 10);
        assertThat(replica.takeReread()).isEqualTo(OptionalLong.of(6));
        assertThat(events.unusable).hasSize(1).first().asString().contains("offset 20");
        replica.onDelta(trainer.delta(8, 30));
        assertThatServes(served(), trainer, 30);
    }

    @Test
    void refusesABaseThatIsNotWhatTheManifestSays() throws IOException {
        trainer.learn(30);
        Manifest base = trainer.base(10, store, 6);
        ShardBase shard = base.getBases().get(0);
        shard.setDigest("00000000000000aa");
        offer(base);
        assertThat(replica.current()).isEmpty();
        assertThat(events.unusable).hasSize(1).first().asString().contains("digest", "00000000000000aa");
    }

    @Test
    void triesAgainWhereNoBaseCanBeRead() throws IOException {
        trainer.learn(30);
        Manifest base = trainer.base(10, store, 6);
        Path file = Path.of(URI.create(base.getBases().get(0).getUri()));
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(file, elsewhere);
        offer(base);
        replica.settle();
        assertThat(events.unusable).hasSize(1);
        Files.move(elsewhere, file);
        clock.advance(ModelReplica.RETRY.plusMillis(1));
        replica.settle();
        assertThatServes(served(), trainer, 10);
    }

    @Test
    void aClockThatIsSetBackDelaysNeitherTheNextTryNorABaseThatIsAhead() throws IOException {
        trainer.learn(30);
        Manifest base = trainer.base(10, store, 6);
        Path file = Path.of(URI.create(base.getBases().get(0).getUri()));
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(file, elsewhere);
        offer(base);
        assertThat(events.unusable).hasSize(1);
        Files.move(elsewhere, file);
        clock.advance(Duration.ofHours(-1));
        replica.settle();
        assertThatServes(served(), trainer, 10);
        offer(trainer.base(20, store, 7));
        assertThatServes(served(), trainer, 10);
        clock.advance(Duration.ofHours(-1));
        replica.settle();
        assertThatServes(served(), trainer, 20);
    }

    @Test
    void switchesLineageAndIgnoresDeltasOfTheOther() throws IOException {
        trainer.learn(20);
        TestingTrainer other = new TestingTrainer(spec, "another topic", 2);
        other.learn(20);
        offer(trainer.beginning(5));
        replica.onDelta(trainer.delta(0, 20));
        replica.onDelta(other.delta(0, 20));
        assertThatServes(served(), trainer, 20);
        offer(other.base(10, store, 9));
        assertThatServes(served(), other, 10);
        replica.onDelta(trainer.delta(5, 20));
        assertThatServes(served(), other, 10);
        replica.onDelta(other.delta(10, 12));
        assertThatServes(served(), other, 12);
    }

    @Test
    void aLineageBesideTheLiveOneIsNotServed() throws IOException {
        trainer.learn(20);
        TestingTrainer beside = new TestingTrainer(spec, "another topic", 2);
        beside.learn(20);
        say(trainer, null);
        offer(beside.base(12, store, 1));
        assertThat(replica.current()).isEmpty();
        offer(trainer.beginning(2), beside.base(15, store, 3));
        replica.onDelta(beside.delta(15, 17));
        replica.onDelta(trainer.delta(0, 9));
        assertThatServes(served(), trainer, 9);
    }

    @Test
    void anotherLineageIsMadeReadyBesideWhatIsServed() throws IOException {
        trainer.learn(20);
        TestingTrainer next = new TestingTrainer(spec, "another topic", 2);
        next.learn(20);
        say(trainer, null);
        offer(trainer.beginning(1), next.beginning(2));
        replica.takeReread();
        replica.onDelta(trainer.delta(0, 9));
        say(next, null);
        assertThat(replica.takeReread()).hasValue(2);
        replica.onDelta(next.delta(0, 6));
        replica.onDelta(next.delta(6, 14));
        assertThatServes(served(), trainer, 9);
        replica.caughtUp();
        assertThatServes(served(), next, 14);
        replica.onDelta(next.delta(14, 15));
        assertThatServes(served(), next, 15);
        say(trainer, null);
        replica.caughtUp();
        assertThat(served().lineage()).isEqualTo(trainer.lineage());
    }

    @Test
    void aPinnedVersionStaysUntilItIsUnpinned() throws IOException {
        trainer.learn(20);
        offer(trainer.base(4, store, 1));
        replica.onDelta(trainer.delta(4, 12));
        ShardBase pinned = trainer.base(7, store, 1).getBases().get(0);
        say(trainer, pinned);
        assertThatServes(served(), trainer, 7);
        replica.onDelta(trainer.delta(12, 14));
        offer(trainer.base(14, store, 2));
        assertThatServes(served(), trainer, 7);
        say(trainer, null);
        assertThatServes(served(), trainer, 7);
        assertThat(replica.takeReread()).hasValue(2);
        replica.onDelta(trainer.delta(14, 16));
        replica.caughtUp();
        assertThatServes(served(), trainer, 16);
    }

    @Test
    void bootsToWhatIsPinned() throws IOException {
        trainer.learn(20);
        ShardBase pinned = trainer.base(7, store, 1).getBases().get(0);
        say(trainer, pinned);
        offer(trainer.base(10, store, 2));
        assertThatServes(served(), trainer, 7);
    }

    @Test
    void staysWhereAPinnedVersionCannotBeRead() throws IOException {
        trainer.learn(20);
        offer(trainer.base(10, store, 1));
        Manifest broken = trainer.base(7, store, 1);
        corrupt(broken);
        say(trainer, broken.getBases().get(0));
        assertThatServes(served(), trainer, 10);
        assertThat(events.unusable).hasSize(1);
    }

    @Test
    void anUnfitLineageIsRefusedWhenItIsToBeLiveAndNotBefore() {
        TestingTrainer foreign = new TestingTrainer(TestingSpecs.movies("{control: 0.2}", 7), "topic", 3);
        trainer.learn(3);
        say(trainer, null);
        offer(trainer.beginning(1), foreign.beginning(1));
        assertThat(events.refused).isEmpty();
        say(foreign, null);
        assertThat(events.refused).hasSize(1);
        assertThatServes(served(), trainer, 0);
    }

    @Test
    void staysOnTheLastGoodLineageWhileTheNewOneCannotBeRead() throws IOException {
        trainer.learn(20);
        TestingTrainer other = new TestingTrainer(spec, "another topic", 2);
        other.learn(20);
        offer(trainer.beginning(5));
        replica.onDelta(trainer.delta(0, 20));
        Manifest broken = other.base(10, store, 9);
        corrupt(broken);
        offer(broken);
        assertThatServes(served(), trainer, 20);
        offer(other.base(12, store, 10));
        assertThatServes(served(), other, 12);
    }

    @Test
    void refusesAModelOfOtherFeaturesAndSeveralShards() {
        TestingTrainer foreign = new TestingTrainer(TestingSpecs.movies("{control: 0.2}", 7), "topic", 3);
        offer(foreign.beginning(1));
        assertThat(replica.current()).isEmpty();
        offer(foreign.beginning(2));
        assertThat(events.refused).hasSize(1).first().asString().contains("seed 7", "this spec's seed 0");
        ShardBase shard = trainer.beginning(0).getBases().get(0);
        offer(trainer.manifest(
                List.of(shard, ShardBase.newBuilder(shard).setShard(1).build()), 2));
        assertThat(replica.current()).isEmpty();
        assertThat(events.refused.get(1)).contains("2 shards (expected: one, since shards are not merged");
    }

    @Test
    void servesAModelThatWasTrainedAtAnotherSpeed() {
        TestingTrainer sameFeatures = new TestingTrainer(TestingSpecs.movies("{control: 0.2}", 0), "another topic", 3);
        offer(sameFeatures.beginning(1));
        assertThat(served().lineage()).isEqualTo(sameFeatures.lineage());
    }

    @Test
    void aHostileDeltaChangesNothing() {
        trainer.learn(20);
        offer(trainer.beginning(5));
        Delta hostile = trainer.delta(0, 10);
        hostile.setValues(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> replica.onDelta(hostile)).isInstanceOf(MalformedSnapshotException.class);
        assertThatServes(served(), trainer, 0);
        replica.onDelta(trainer.delta(0, 12));
        assertThatServes(served(), trainer, 12);
    }

    @Test
    void everyVersionServedIsOneTheTrainerHadWhateverIsCutLostOrRepeated() throws IOException {
        long seed = 4_711;
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            open();
            TestingTrainer source = new TestingTrainer(spec, "topic " + round, seed + round);
            source.learn(60);
            offer(source.beginning(1));
            int published = 0;
            int before = 0;
            for (int step = 0; step < 25; step++) {
                int restart = random.nextInt(3) == 0 ? random.nextInt(published + 1) : published;
                int to = restart + 1 + random.nextInt(8);
                if (to > source.offset()) {
                    break;
                }
                published = Math.max(published, to);
                boolean lost = random.nextInt(6) == 0;
                List<Delta> parts = source.delta(restart, to, random.nextBoolean() ? SMALL_PART : 10_000);
                parts.subList(0, lost ? random.nextInt(parts.size()) : parts.size())
                        .forEach(replica::onDelta);
                if (random.nextInt(8) == 0) {
                    offer(source.base(published, store, 1));
                }
                int offset = (int) served().offset();
                assertThat(offset).as("seed %d round %d", seed, round).isBetween(before, published);
                assertThat(served().digest()).isEqualTo(source.digest(offset));
                before = offset;
            }
            offer(source.base(60, store, 1));
            clock.advance(ModelReplica.PATIENCE.plusMillis(1));
            replica.settle();
            assertThatServes(served(), source, 60);
        }
    }
}
