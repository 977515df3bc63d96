package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MarginFlowTest {
    private static final long SEED = 3;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void goesWhereManySmallStepsGo(Loss loss) {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            double margin = random.nextGaussian() * 1.5;
            double label = label(random, loss);
            double time = Math.min(10, Math.exp(random.nextGaussian() * 3 - 3));
            double naive = NaiveFlow.move(loss, margin, label, time);
            assertThat(MarginFlow.move(loss, margin, label, time))
                    .as("seed %s, case %s: margin %s, label %s, time %s", SEED, i, margin, label, time)
                    .isCloseTo(naive, within(1e-7 * Math.abs(naive) + 1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void twoPartsOfAWayAreTheWay(Loss loss) {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            double margin = random.nextGaussian() * 5;
            double label = label(random, loss);
            double time = Math.exp(random.nextGaussian() * 4);
            double first = time * random.nextDouble();
            double there = MarginFlow.move(loss, margin, label, first);
            double whole = MarginFlow.move(loss, margin, label, time);
            assertThat(there + MarginFlow.move(loss, margin + there, label, time - first))
                    .as("seed %s, case %s: margin %s, label %s, time %s", SEED, i, margin, label, time)
                    .isCloseTo(whole, within(1e-6 * Math.abs(whole) + 1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void goesOnWithTimeAndNeverPastTheMinimum(Loss loss) {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            double margin = random.nextGaussian() * 15;
            double label = label(random, loss);
            double before = 0;
            for (double time = 1e-12; time < 1e12; time *= 10) {
                double moved = MarginFlow.move(loss, margin, label, time);
                assertThat(Math.abs(moved))
                        .as("time %s from %s to %s", time, margin, label)
                        .isFinite();
                assertThat(Math.abs(moved)).isGreaterThanOrEqualTo(Math.abs(before) * (1 - 1e-9));
                assertThat(isBefore(loss, label, margin, margin + moved)).isTrue();
                before = moved;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void isTheSlopeWhereTheWayIsShort(Loss loss) {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            double margin = random.nextGaussian();
            double label = label(random, loss);
            double slope = NaiveFlow.slope(loss, margin, label);
            for (double reach : new double[] {0, 1e-310, 1e-30, 1e-9}) {
                assertThat(MarginFlow.slope(loss, margin, label, 2, reach))
                        .as("reach %s", reach)
                        .isCloseTo(2 * slope, within(1e-5 * Math.abs(slope) + 1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void staysFiniteFromAnywhere(Loss loss) {
        for (double margin : new double[] {-1e30, -1000, -50, -20, 0, 20, 50, 1000, 1e30}) {
            for (double label : new double[] {0, 1, 1e-30, 1e9, 1e30}) {
                double given = loss == Loss.LOGISTIC ? Math.min(1, Math.ceil(label)) : label;
                for (double time : new double[] {0, 1e-300, 1e-10, 1, 1e10, 1e30}) {
                    double moved = MarginFlow.move(loss, margin, given, time);
                    assertThat(moved)
                            .as("from %s to %s in %s", margin, given, time)
                            .isFinite();
                    if (loss == Loss.POISSON && Math.abs(margin) <= 20) {
                        assertThat(Math.abs(margin + moved)).isLessThanOrEqualTo(20 + 1e-9);
                    }
                }
            }
        }
    }

    private static boolean isBefore(Loss loss, double label, double from, double to) {
        double minimum = switch (loss) {
            case LOGISTIC -> label > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            case SQUARED, ABSOLUTE -> label;
            case POISSON -> Math.log(label);
        };
        return from < minimum ? to <= minimum + 1e-9 : to >= minimum - 1e-9;
    }

    private static double label(Random random, Loss loss) {
        return switch (loss) {
            case LOGISTIC -> random.nextInt(2);
            case SQUARED, ABSOLUTE -> random.nextGaussian() * 3;
            case POISSON -> random.nextInt(6);
        };
    }
}
