package io.millrace.trainer.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.Take;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What it costs that half of the positives are told after the window: the loss, on the true labels, of what the model says when
 * it is asked. The tables in docs/labels.md are what this prints with {@code -Dmillrace.seeds=5}.
 */
class DelayedLabelsTest {
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 2);
    private static final Map<String, Double> REWARD = Map.of("click", 1.0);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration LATE = Duration.ofSeconds(600);

    private static FeedbackSpec spec(Duration window, Duration late) {
        return new FeedbackSpec(REWARD, Set.of(), window, late);
    }

    @ParameterizedTest
    @CsvSource({"ftrl, STILL", "ftrl, DRIFTING", "auto, STILL", "auto, DRIFTING"})
    void correctionsAreWorthMoreThanForgettingAndLessThanKnowing(String learner, DelayedWorld.Fate fate) {
        FeedbackSpec both = spec(WINDOW, LATE);
        FeedbackSpec immediate = both.with(new LabelSpec(Map.of(), Take.SUM, null, LabelTiming.IMMEDIATE));
        double ordered = 0;
        double corrected = 0;
        double naive = 0;
        double atOnce = 0;
        double patient = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            DelayedWorld world = new DelayedWorld(seed, fate, WINDOW, LATE);
            ordered += world.loss(learner, both, true) / SEEDS;
            corrected += world.loss(learner, both, false) / SEEDS;
            naive += world.loss(learner, spec(WINDOW, WINDOW), false) / SEEDS;
            atOnce += world.loss(learner, immediate, false) / SEEDS;
            patient += world.loss(learner, spec(LATE, LATE), false) / SEEDS;
        }
        System.out.printf(
                "%s, %s, seeds 1 to %d: log-loss ordered %.4f, corrected %.4f, forgotten %.4f, immediate %.4f,"
                        + " window of %ss %.4f%n",
                learner, fate, SEEDS, ordered, corrected, naive, atOnce, LATE.toSeconds(), patient);
        assertThat(ordered).isLessThanOrEqualTo(corrected);
        assertThat(corrected).isLessThan(naive);
    }

    /** Clicks come within seconds, and that there is none is known an hour later. */
    @ParameterizedTest
    @CsvSource({"ftrl, STILL", "ftrl, REPLACED", "auto, STILL", "auto, REPLACED"})
    void whatImmediateLabelsCost(String learner, DelayedWorld.Fate fate) {
        FeedbackSpec hour = spec(Duration.ofHours(1), Duration.ofHours(1));
        Duration soon = Duration.ofSeconds(10);
        double window = 0;
        double immediate = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            DelayedWorld world = new DelayedWorld(seed, fate, soon, soon);
            window += world.loss(learner, hour, false) / SEEDS;
            immediate += world.loss(
                            learner, hour.with(new LabelSpec(Map.of(), Take.SUM, null, LabelTiming.IMMEDIATE)), false)
                    / SEEDS;
        }
        System.out.printf(
                "%s, %s, seeds 1 to %d, negatives an hour late: log-loss of labels at the window's end %.4f, immediate"
                        + " %.4f%n",
                learner, fate, SEEDS, window, immediate);
        assertThat(window).isLessThan(immediate);
    }
}
