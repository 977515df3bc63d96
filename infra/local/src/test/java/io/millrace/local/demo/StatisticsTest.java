package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.local.demo.Statistics.ArmReward;
import io.millrace.local.demo.Statistics.Part;
import io.millrace.serving.policy.Arm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static Exposure exposure(long number, double offered, double best, Double... rewards) {
        double mean = List.of(rewards).stream()
                .mapToDouble(reward -> reward)
                .average()
                .orElse(0);
        return new Exposure(number, List.of(rewards), mean, offered, best);
    }

    @Test
    void averagesOverShownItems() {
        Statistics statistics = new Statistics();
        statistics.add(Arm.LEARNED, exposure(0, 0.5, 1, 1.0, 0.0, 1.0));
        statistics.add(Arm.LEARNED, exposure(1, 0.5, 1, 1.0));
        statistics.add(Arm.CONTROL, exposure(2, 0.5, 1, 0.0));
        ArmReward learned = statistics.arm(Arm.LEARNED);
        assertThat(learned.decisions()).isEqualTo(2);
        assertThat(learned.shown()).isEqualTo(4);
        assertThat(learned.reward().value()).isEqualTo(0.75);
        assertThat(statistics.arm(Arm.CONTROL).reward().exists()).isFalse();
        assertThat(statistics.arm(Arm.POPULARITY).decisions()).isZero();
        assertThat(statistics.decisions()).isEqualTo(3);
    }

    @Test
    void comparesWithTheExactMeanOfWhatWasOffered() {
        Statistics statistics = new Statistics();
        statistics.add(Arm.LEARNED, exposure(0, 0.2, 1, 1.0, 0.0, 0.0));
        statistics.add(Arm.LEARNED, exposure(1, 0.4, 1, 1.0));
        statistics.add(Arm.CONTROL, exposure(2, 0.9, 1, 1.0));
        assertThat(statistics.lift().value()).isCloseTo(2 / (3 * 0.2 + 0.4), within(1e-12));
    }

    @Test
    void comparesWithPopularityByTheRatioOfMeans() {
        Statistics statistics = new Statistics();
        Double[][] rewards = {{1.0}, {0.0}, {1.0}, {1.0}, {0.0}, {1.0}, {0.0}, {0.0}};
        for (int i = 0; i < rewards.length; i++) {
            statistics.add(i < 4 ? Arm.LEARNED : Arm.POPULARITY, exposure(i, 0.5, 1, rewards[i]));
        }
        Estimate lift = statistics.liftOverPopularity();
        assertThat(lift.value()).isCloseTo(3, within(1e-12));
        assertThat(lift)
                .isEqualTo(statistics
                        .arm(Arm.LEARNED)
                        .reward()
                        .over(statistics.arm(Arm.POPULARITY).reward()));
    }

    @Test
    void knowsTheOrderOfDecisionsWhateverTheOrderOfAnswers() {
        List<Exposure> exposures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            exposures.add(exposure(i, 0.5, 0.8, i < 50 ? 0.25 : 0.75));
        }
        Collections.shuffle(exposures, new Random(1));
        Statistics statistics = new Statistics();
        exposures.forEach(exposure -> statistics.add(Arm.LEARNED, exposure));
        assertThat(statistics.secondHalfLift().value()).isCloseTo(1.5, within(1e-12));
        List<Part> parts = statistics.parts(10);
        assertThat(parts).hasSize(10);
        assertThat(parts.get(0).learned()).isCloseTo(0.25, within(1e-12));
        assertThat(parts.get(9).lift()).isCloseTo(1.5, within(1e-12));
        assertThat(parts.get(9).regret()).isCloseTo(0.05, within(1e-12));
        assertThat(parts.get(9).uniformRegret()).isCloseTo(0.3, within(1e-12));
        assertThat(parts.get(9).control()).isNaN();
    }

    @Test
    void leavesOutWhatShowedNothingAndRefusesRepeats() {
        Statistics statistics = new Statistics();
        statistics.add(Arm.LEARNED, exposure(0, 0.5, 1));
        assertThat(statistics.decisions()).isZero();
        statistics.add(Arm.LEARNED, exposure(0, 0.5, 1, 1.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> statistics.add(Arm.CONTROL, exposure(0, 0.5, 1, 1.0)))
                .withMessage("decision 0: added before (expected: a new one)");
    }

    @Test
    void knowsArmsByName() {
        for (Arm arm : Arm.values()) {
            assertThat(Arm.of(arm.text())).isEqualTo(arm);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arm.of("other"))
                .withMessage("arm: other (expected: one of learned, control, popularity)");
    }
}
