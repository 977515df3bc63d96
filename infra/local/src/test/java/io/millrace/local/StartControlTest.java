package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.SpecReader;
import io.millrace.record.ModelControl;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.snapshot.Exclusions;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartControlTest {
    private static final URI STORE = URI.create("file:///tmp/store");
    private static final String TOPIC = "topic";
    private static final long NOW = 17;

    private static LearnJobSettings given(String alpha, String epsilon) {
        return given("""
                pipeline: movies
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1.0}}
                model: {learner: ftrl, bits: 10, alpha: %s}
                policy: {epsilon: %s}
                """.formatted(alpha, epsilon));
    }

    private static LearnJobSettings given(String yaml) {
        return new LearnJobSettings(
                        SpecReader.read(yaml, "test"), STORE, TOPIC, 1, null, LearnJobSettings.CHECKPOINT_INTERVAL)
                .withSpecText(yaml);
    }

    private static ModelControl first(LearnJobSettings given) throws StartException {
        return StartControl.next(Optional.empty(), given, NOW).orElseThrow();
    }

    @Test
    void theFirstStartMakesTheSpecsLineageLive() throws StartException {
        LearnJobSettings given = given("0.1", "0.05");
        ModelControl control = first(given);
        assertThat(control.getLive()).isEqualTo(given.lineage());
        assertThat(control.getLineages()).containsExactly(Plans.of(given));
        assertThat(control.getPinned()).isNull();
        assertThat(control.getTimeMicros()).isEqualTo(NOW);
    }

    @Test
    void aStartWithTheSameSpecChangesNothingWhateverIsLive() throws StartException {
        LearnJobSettings given = given("0.1", "0.05");
        ModelControl control = first(given);
        assertThat(StartControl.next(Optional.of(control), given, NOW)).isEmpty();
        LearnJobSettings rebuilt = given.without(Exclusions.NONE.and(0, 3, 9))
                .withRoot(new RootBase("file:///tmp/root", "00000000000000ff"));
        control.setLive(rebuilt.lineage());
        control.setLineages(List.of(Plans.of(given), Plans.of(rebuilt)));
        assertThat(StartControl.next(Optional.of(control), given, NOW)).isEmpty();
    }

    @Test
    void aSpecThatMeansTheSameToTheModelIsTakenOver() throws StartException {
        ModelControl control = first(given("0.1", "0.05"));
        LearnJobSettings other = given("0.1", "0.2");
        ModelControl next =
                StartControl.next(Optional.of(control), other, NOW + 1).orElseThrow();
        assertThat(next.getLive()).isEqualTo(control.getLive());
        assertThat(next.getLineages().get(0).getSpec())
                .isEqualTo(other.specText().orElseThrow());
    }

    @Test
    void aSpecByWhichTheLiveModelWasNotLearnedIsRefused() throws StartException {
        ModelControl control = first(given("0.1", "0.05"));
        assertThatThrownBy(() -> StartControl.next(Optional.of(control), given("0.2", "0.05"), NOW))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("lineage " + control.getLive() + ") learns by another spec: ")
                .hasMessageContaining("another spec: model.alpha: 0.2 (expected: 0.1); 'millrace spec diff'");
    }

    @Test
    void theRefusalNamesWhatCameWhatWentAndWhatChanged() throws StartException {
        String before = given("0.1", "0.05").specText().orElseThrow() + "crosses: [[user, item]]\n";
        ModelControl control = first(given(before));
        String after = before.replace("crosses: [[user, item]]\n", "")
                .replace("item: categorical", "item: categorical, price: numeric")
                .replace("epsilon: 0.05", "epsilon: 0.2")
                .replace("bits: 10", "bits: 11");
        assertThatThrownBy(() -> StartControl.next(Optional.of(control), given(after), NOW))
                .hasMessageContainingAll(
                        "learns by another spec: ",
                        "decision.candidate.price: numeric (expected: none)",
                        "crosses[0]: none (expected: [user, item])",
                        "model.bits: 11 (expected: 10)")
                .hasMessageNotContaining("epsilon");
    }

    @Test
    void whatIsLiveMustHaveAPlan() throws StartException {
        ModelControl control = first(given("0.1", "0.05"));
        control.setLive("ffff");
        assertThatThrownBy(() -> StartControl.next(Optional.of(control), given("0.1", "0.05"), NOW))
                .hasMessageContaining("live lineage ffff has no plan");
    }
}
