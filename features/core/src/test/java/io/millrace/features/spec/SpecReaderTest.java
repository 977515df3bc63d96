package io.millrace.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {
    private static final String DESIGN = """
            pipeline: movies
            decision:
              subject: user
              context:   {hour: categorical}
              candidate: {item: categorical, genres: categorical_set, age_days: numeric}
            feedback:
              reward: {click: 1.0, like: 2.0}
              final: [rating, dismiss]
              window: 30m
              late: 7d
            crosses: [[user, genres], [hour, genres]]
            model:  {learner: ftrl, bits: 22, alpha: 0.1}
            policy: {explore: epsilon_greedy, epsilon: 0.05, control: 0.1}
            snapshot: {every: 100ms}
            """;
    private static final String SMALLEST = """
            pipeline: p
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            """;

    @Test
    void readsTheSpecOfTheDesign() {
        PipelineSpec spec = SpecReader.read(DESIGN, "pipeline.yaml");
        assertThat(spec.pipeline()).isEqualTo("movies");
        assertThat(spec.decision().shared())
                .containsExactly(
                        new Feature("user", FeatureKind.CATEGORICAL), new Feature("hour", FeatureKind.CATEGORICAL));
        assertThat(spec.decision().candidate())
                .containsExactly(
                        new Feature("item", FeatureKind.CATEGORICAL),
                        new Feature("genres", FeatureKind.CATEGORICAL_SET),
                        new Feature("age_days", FeatureKind.NUMERIC));
        assertThat(spec.feedback())
                .isEqualTo(new FeedbackSpec(
                        Map.of("click", 1.0, "like", 2.0),
                        Set.of("rating", "dismiss"),
                        Duration.ofMinutes(30),
                        Duration.ofDays(7)));
        assertThat(spec.crosses()).containsExactly(List.of("user", "genres"), List.of("hour", "genres"));
        assertThat(spec.model().setting("alpha")).isEqualTo(0.1);
        assertThat(spec.policy().control()).isEqualTo(0.1);
        assertThat(spec.snapshot().every()).isEqualTo(Duration.ofMillis(100));
        assertThat(spec.featureSet().shared()).isEqualTo(2);
        assertThat(spec.featureSet().size()).isEqualTo(5);
    }

    @Test
    void readsAtWhichRateNegativesAreDropped() {
        assertThat(SpecReader.read(SMALLEST, "p").feedback().sample()).isEqualTo(SampleSpec.ALL);
        String sampled = SMALLEST.replace("{click: 1}}", "{click: 1}, sample: {negatives: 0.1, seed: 7}}");
        assertThat(SpecReader.read(sampled, "p").feedback().sample()).isEqualTo(new SampleSpec(0.1, 7));
    }

    @ParameterizedTest
    @CsvSource({"shown, 0", "all, 1", "sample(0.1), 0.1", "sample(1e-3), 0.001"})
    void readsWhichCandidatesAreLogged(String text, double rate) {
        String logging = SMALLEST.replace("subject: user", "subject: user, log: " + text);
        assertThat(SpecReader.read(logging, "p").decision().unshownRate()).isEqualTo(rate);
    }

    @Test
    void readsHowLabelsAreMade() {
        assertThat(SpecReader.read(SMALLEST, "p").feedback().labels()).isEqualTo(LabelSpec.SUM);
        String spec = SMALLEST.replace("{click: 1}}", """
                {click: 1, rating: {reward: 0.2, take: last}}, combine: max, exposure: seen, labels: immediate}""");
        FeedbackSpec feedback = SpecReader.read(spec, "p").feedback();
        assertThat(feedback.reward()).isEqualTo(Map.of("click", 1.0, "rating", 0.2));
        assertThat(feedback.labels())
                .isEqualTo(new LabelSpec(Map.of("rating", Take.LAST), Take.MAX, "seen", LabelTiming.IMMEDIATE));
    }

    @Test
    void readsHowOldAnEventMayBe() {
        String events = "events: {view: {entities: [user]}, sale: {entities: [user], oldest: 90d}}\n";
        PipelineSpec spec = SpecReader.read(SMALLEST + events, "p");
        assertThat(spec.events().get("view").oldest()).isEqualTo(Duration.ofDays(20_000));
        assertThat(spec.events().get("sale").oldest()).isEqualTo(Duration.ofDays(90));
        assertThatThrownBy(() -> SpecReader.read(SMALLEST + events.replace("90d", "90"), "p"))
                .hasMessageContaining("events.sale.oldest: 90 (expected: a duration with its unit");
    }

    @Test
    void fillsInTheDefaults() {
        PipelineSpec spec = SpecReader.read(SMALLEST, "pipeline.yaml");
        assertThat(spec.decision().context()).isEmpty();
        assertThat(spec.decision().slots()).isEqualTo(1);
        assertThat(spec.decision().unshownRate()).isZero();
        assertThat(spec.feedback().window()).isEqualTo(Duration.ofMinutes(30));
        assertThat(spec.feedback().late()).isEqualTo(Duration.ofDays(7));
        assertThat(spec.crosses()).isEmpty();
        assertThat(spec.model())
                .isEqualTo(new ModelSpec(
                        LearnerKind.AUTO, Loss.LOGISTIC, 22, 0, null, IdSpec.HASHED, Drift.REACT, Map.of()));
        assertThat(spec.policy()).isEqualTo(new PolicySpec(PolicySpec.Explore.EPSILON_GREEDY, 0.05, 0.1, 0, "item"));
        assertThat(spec.snapshot())
                .isEqualTo(new SnapshotSpec(Duration.ofMillis(100), Duration.ofMinutes(1), new GuardSpec(1.0, 2000)));
    }

    @Test
    void readsTheGuardOfPublicationOrThatThereIsNone() {
        assertThat(guard("{margin: 20%, window: 1000}")).isEqualTo(new GuardSpec(0.2, 1000));
        assertThat(guard("{margin: 2.5%}")).isEqualTo(new GuardSpec(0.025, 2000));
        assertThat(guard("off")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "{margin: 0.2}", "{margin: 0%}", "{window: 99}", "{widow: 500}", "[20%]"})
    void saysWhatAGuardMayBe(String guard) {
        assertThatThrownBy(() -> guard(guard))
                .hasMessageContaining("snapshot.guard")
                .hasMessageContaining("expected: ");
    }

    private static @Nullable GuardSpec guard(String guard) {
        return SpecReader.read(SMALLEST + "snapshot: {guard: " + guard + "}", "pipeline.yaml")
                .snapshot()
                .guard();
    }

    @Test
    void readsPopularityInItsShortAndItsLongForm() {
        assertThat(read("policy: {popularity: 0.2}").popularity()).isEqualTo(0.2);
        assertThat(read("policy: {popularity: {share: 0.2, by: item}}").popularity())
                .isEqualTo(0.2);
    }

    @Test
    void leavesTheLearnedArmNoLessThanNothing() {
        PolicySpec policy = read("policy: {control: 0.9, popularity: 0.1}");
        assertThat(policy.learned()).isZero();
        assertThat(read("policy: {control: 0.25, popularity: 0.25}").learned()).isCloseTo(0.5, within(1e-15));
    }

    @Test
    void takesGreedyWithoutEpsilonOrWithZero() {
        assertThat(read("policy: {explore: greedy}").epsilon()).isZero();
        assertThat(read("policy: {explore: greedy, epsilon: 0}").epsilon()).isZero();
    }

    @Test
    void movesTheDefaultOfLateBehindALongWindow() {
        FeedbackSpec feedback = SpecReader.read("""
                        pipeline: p
                        decision: {subject: user, candidate: {item: categorical}}
                        feedback: {reward: {click: 1}, window: 10d}
                        """, "p").feedback();
        assertThat(feedback.late()).isEqualTo(Duration.ofDays(10));
    }

    private static PolicySpec read(String policy) {
        return SpecReader.read(SMALLEST + policy, "pipeline.yaml").policy();
    }
}
