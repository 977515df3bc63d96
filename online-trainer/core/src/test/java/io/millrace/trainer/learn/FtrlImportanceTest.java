package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Importance 2 beside two examples of importance 1, and beside a gradient twice as large, which is what one might do. */
class FtrlImportanceTest {
    private static final FtrlSettings SETTINGS = new FtrlSettings(0.5, 0.1, 0, 0);

    @ParameterizedTest
    @EnumSource(Loss.class)
    void isNearerToTwoExamplesThanAGradientTwiceAsLarge(Loss loss) {
        long seed = 31;
        Random random = new Random(seed);
        double ours = 0;
        double twofold = 0;
        for (int round = 0; round < 300; round++) {
            long stream = random.nextLong();
            NaiveFtrl before = trained(loss, stream);
            Instance example = TestingLinear.FTRL.random(random, loss, 0);
            Map<Integer, Double> x = TestingLinear.summed(example);
            NaiveFtrl twice = trained(loss, stream);
            twice.learn(x, example.label(), 1);
            twice.learn(x, example.label(), 1);
            NaiveFtrl weighted = trained(loss, stream);
            weighted.learn(x, example.label(), 2);
            before.leap(x, example.label(), 2);
            ours += Math.abs(weighted.predict(x) - twice.predict(x));
            twofold += Math.abs(before.predict(x) - twice.predict(x));
        }
        assertThat(ours).as("seed %s", seed).isLessThan(0.8 * twofold);
    }

    /** Importance a float's last bit from 1 takes the other path through the code, and comes to the same. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void nextToImportance1TheStepIsThatOfImportance1(Loss loss) {
        Random random = new Random(32);
        try (Learner one = TestingLinear.FTRL.learner(loss);
                Learner nearly = TestingLinear.FTRL.learner(loss)) {
            for (int i = 0; i < 2000; i++) {
                Instance instance = TestingLinear.FTRL.random(random, loss, i);
                double told = one.predict(instance);
                assertThat(nearly.predict(instance)).isCloseTo(told, within(1e-4 + 1e-4 * Math.abs(told)));
                double reward = instance.label();
                one.learn(instance, TestingLinear.SILENT);
                nearly.learn(instance.rewarded(loss, reward, Math.nextUp(1.0)), TestingLinear.SILENT);
            }
        }
    }

    private static NaiveFtrl trained(Loss loss, long seed) {
        Random random = new Random(seed);
        NaiveFtrl learner = new NaiveFtrl(loss, SETTINGS);
        for (int i = 0; i < 20; i++) {
            Instance instance = TestingLinear.FTRL.random(random, loss, i);
            learner.learn(TestingLinear.summed(instance), instance.label(), 1);
        }
        return learner;
    }
}
