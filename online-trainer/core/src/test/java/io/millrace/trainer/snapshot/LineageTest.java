package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.PolicySpec;
import io.millrace.features.spec.SnapshotSpec;
import io.millrace.record.Erasure;
import io.millrace.trainer.TestingSpecs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageTest {
    private static final PipelineSpec SPEC = TestingSpecs.movies();

    @Test
    void canonicalSpecSaysWhatDeterminesLearning() {
        assertThat(Lineage.canonicalSpec(SPEC)).isEqualTo("""
                        millrace-spec 1
                        features "movies"
                        shared "user" categorical
                        shared "hour" categorical
                        shared "temperature" numeric
                        candidate "item" categorical
                        candidate "genres" categorical_set
                        candidate "words" weighted_set
                        candidate "history" sequence
                        candidate "age" numeric
                        candidate "taste" embedding
                        cross "user" "genres"
                        cross "hour" "genres"
                        reward.window PT30M
                        reward.late PT168H
                        reward.of "click" 1.0
                        reward.of "like" 2.0
                        reward.final "dismiss"
                        reward.final "rating"
                        learner "ftrl"
                        loss logistic
                        bits 12
                        seed 7
                        setting "alpha" 0.1
                        setting "beta" 1.0
                        setting "l1" 0.0
                        setting "l2" 0.0
                        """);
    }

    @Test
    void staysTheSameFromReleaseToRelease() {
        assertThat(Lineage.of(SPEC, "topic-id", 4, null)).isEqualTo("5de7931241455bc8b7661bdf37f1b205");
    }

    @Test
    void dependsOnTheLogAndTheRoot() {
        assertThat(Lineage.of(SPEC, "t", 1, null))
                .isNotEqualTo(Lineage.of(SPEC, "t2", 1, null))
                .isNotEqualTo(Lineage.of(SPEC, "t", 2, null))
                .isNotEqualTo(Lineage.of(SPEC, "t", 1, "import"));
    }

    @Test
    void whoIsErasedFromTheBeginningOnIsPartOfIt() {
        Erasures one = Erasures.of(List.of(new Erasure(7L, 5L)));
        assertThat(lineage(Erasures.NONE)).isEqualTo(Lineage.of(SPEC, "t", 1, null));
        assertThat(Set.of(
                        lineage(Erasures.NONE),
                        lineage(one),
                        lineage(Erasures.of(List.of(new Erasure(7L, 6L)))),
                        lineage(one.and(List.of(new Erasure(8L, 5L))))))
                .hasSize(4);
        assertThat(lineage(one.and(List.of(new Erasure(7L, 4L))))).isEqualTo(lineage(one));
    }

    private static String lineage(Erasures erased) {
        return Lineage.of(SPEC, "t", 1, null, Exclusions.NONE, List.of(), erased);
    }

    @Test
    void dependsOnTheModel() {
        PipelineSpec other = TestingSpecs.movies("{learner: ftrl, bits: 12, seed: 7, alpha: 0.2}");
        assertThat(Lineage.of(other, "t", 1, null)).isNotEqualTo(Lineage.of(SPEC, "t", 1, null));
    }

    @Test
    void dependsNeitherOnThePolicyNorOnWhenSnapshotsAreShown() {
        PipelineSpec other = new PipelineSpec(
                SPEC.pipeline(),
                SPEC.decision(),
                SPEC.feedback(),
                SPEC.events(),
                SPEC.aggregates(),
                SPEC.crosses(),
                SPEC.bins(),
                SPEC.model(),
                new PolicySpec(PolicySpec.Explore.GREEDY, 0, 0.5, 0.2, "item"),
                new SnapshotSpec(Duration.ofSeconds(1), Duration.ofHours(1), null),
                SPEC.sources());
        assertThat(Lineage.of(other, "t", 1, null)).isEqualTo(Lineage.of(SPEC, "t", 1, null));
    }

    @Test
    void noTextCanPassForAnotherFact() {
        assertThat(Lineage.of(SPEC, "t\"\npartitions 2\n", 1, null)).isNotEqualTo(Lineage.of(SPEC, "t", 2, null));
    }
}
