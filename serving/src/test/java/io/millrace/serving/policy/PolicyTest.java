package io.millrace.serving.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.PolicySpec;
import io.millrace.features.spec.PolicySpec.Explore;
import io.millrace.serving.policy.Choice.Place;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final int DECISIONS = 200_000;
    /** Two groups of ties among the scores, one across the end of the slate, and another order among the rates. */
    private static final float[] SCORES = {0.3f, 0.9f, 0.3f, 0.1f, 0.9f, 0.3f, 0.05f};

    private static final float[] RATES = {0.2f, 0.2f, 0.2f, 0.7f, 0.1f, 0.1f, 0.6f};

    private final Draws draws = new Draws("a secret of the test".getBytes(StandardCharsets.UTF_8));

    private static Policy policy(double epsilon, double control, double popularity) {
        return new Policy(new PolicySpec(Explore.EPSILON_GREEDY, epsilon, control, popularity, "item"));
    }

    private static String id(int n) {
        return "decision-" + n;
    }

    @Test
    void showsEachItemAsOftenAsItsPropensitySays() {
        Policy policy = policy(0.3, 0.2, 0.25);
        int slots = 4;
        double[][] said = new double[slots][SCORES.length];
        int[][] seen = new int[slots][SCORES.length];
        for (int i = 0; i < DECISIONS; i++) {
            Choice choice = policy.choose(id(i), SCORES, RATES, slots, draws);
            for (int p = 0; p < slots; p++) {
                Place place = choice.slate().get(p);
                said[p][place.candidate()] = place.propensity();
                seen[p][place.candidate()]++;
            }
        }
        for (int p = 0; p < slots; p++) {
            assertThat(Arrays.stream(said[p]).sum()).as("position %d", p).isCloseTo(1, within(1e-12));
            assertThatFollows(seen[p], said[p], DECISIONS);
        }
    }

    @Test
    void showsEachItemAsOftenAsItsPropensityGivenTheArmSays() {
        Policy policy = policy(0.3, 0.2, 0.25);
        int slots = 4;
        Map<Arm, double[][]> said = new EnumMap<>(Arm.class);
        Map<Arm, int[][]> seen = new EnumMap<>(Arm.class);
        Map<Arm, Integer> decided = new EnumMap<>(Arm.class);
        for (int i = 0; i < DECISIONS; i++) {
            Choice choice = policy.choose(id(i), SCORES, RATES, slots, draws);
            decided.merge(choice.arm(), 1, Integer::sum);
            for (int p = 0; p < slots; p++) {
                Place place = choice.slate().get(p);
                said.computeIfAbsent(choice.arm(), arm -> new double[slots][SCORES.length])[p][place.candidate()] =
                        place.armPropensity();
                seen.computeIfAbsent(choice.arm(), arm -> new int[slots][SCORES.length])[p][place.candidate()]++;
            }
        }
        for (Arm arm : Arm.values()) {
            for (int p = 0; p < slots; p++) {
                assertThat(Arrays.stream(said.get(arm)[p]).sum()).isCloseTo(1, within(1e-12));
                assertThatFollows(seen.get(arm)[p], said.get(arm)[p], decided.get(arm));
            }
        }
    }

    @Test
    void exploresInsideTheLearnedArmAsOftenAsEpsilonSays() {
        Policy policy = policy(0.05, 0.1, 0.1);
        int learned = 0;
        int explored = 0;
        for (int i = 0; i < DECISIONS; i++) {
            Choice choice = policy.choose(id(i), SCORES, RATES, 1, draws);
            if (choice.arm() == Arm.LEARNED) {
                learned++;
                explored += choice.explored() ? 1 : 0;
            }
        }
        assertThat((double) learned / DECISIONS).isCloseTo(0.8, within(5 * Math.sqrt(0.8 * 0.2 / DECISIONS)));
        assertThat((double) explored / learned).isCloseTo(0.05, within(5 * Math.sqrt(0.05 * 0.95 / learned)));
    }

    @Test
    void drawsForDifferentPurposesAreUncorrelated() {
        for (Draws.Purpose a : Draws.Purpose.values()) {
            for (Draws.Purpose b : Draws.Purpose.values()) {
                if (a.compareTo(b) < 0) {
                    assertThat(correlation(a, b, 20_000))
                            .as("%s, %s", a, b)
                            .isCloseTo(0, within(5 / Math.sqrt(20_000)));
                }
            }
        }
    }

    @Test
    void decidesTheSameForTheSameIdAndSecretAndElseNot() {
        Policy policy = policy(0.3, 0.2, 0.25);
        Draws again = new Draws("a secret of the test".getBytes(StandardCharsets.UTF_8));
        Draws other = new Draws("another secret of it".getBytes(StandardCharsets.UTF_8));
        int different = 0;
        for (int i = 0; i < 1_000; i++) {
            Choice choice = policy.choose(id(i), SCORES, RATES, 3, draws);
            assertThat(policy.choose(id(i), SCORES, RATES, 3, again)).isEqualTo(choice);
            different += policy.choose(id(i), SCORES, RATES, 3, other).equals(choice) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(500);
    }

    @Test
    void propensitiesAddUpToOneAndNoItemIsShownTwiceForAnyScores() {
        long seed = 7_041_776;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int n = 1 + random.nextInt(30);
            int slots = 1 + random.nextInt(35);
            float[] scores = coarse(random, n);
            float[] rates = coarse(random, n);
            double control = random.nextDouble() / 2;
            double popularity = random.nextDouble() / 2;
            Policy policy = policy(random.nextDouble(), control, popularity);
            Map<String, Double> sums = new HashMap<>();
            Ranking learned = new Ranking(scores);
            for (int p = 0; p < n; p++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += learned.probability(i, p);
                }
                sums.put("position " + p, sum);
            }
            assertThat(sums.values())
                    .as("seed %d round %d", seed, round)
                    .allSatisfy(sum -> assertThat(sum).isCloseTo(1, within(1e-12)));
            Choice choice = policy.choose("seed " + seed + " round " + round, scores, rates, slots, draws);
            Set<Integer> shown = new HashSet<>();
            for (Place place : choice.slate()) {
                assertThat(shown.add(place.candidate())).isTrue();
                assertThat(place.propensity())
                        .as("seed %d round %d", seed, round)
                        .isBetween(0.0, 1.0);
                assertThat(place.armPropensity()).isPositive();
            }
            assertThat(choice.slate()).hasSize(Math.min(n, slots));
        }
    }

    @Test
    void ranksByScoreWhereItNeitherExploresNorTies() {
        Policy policy = new Policy(new PolicySpec(Explore.GREEDY, 0.9, 0, 0, "item"));
        Choice choice =
                policy.choose("d", new float[] {0.1f, 0.5f, Float.NaN, 0.4f}, new float[] {0, 0, 0, 0}, 4, draws);
        assertThat(choice.slate()).extracting(Place::candidate).containsExactly(1, 3, 0, 2);
        assertThat(choice.slate())
                .allSatisfy(place -> assertThat(place.propensity()).isEqualTo(1));
        assertThat(choice.explored()).isFalse();
    }

    @Test
    void showsEverythingEquallyOftenWhereNoModelScoresYet() {
        Policy policy = policy(0, 0, 0);
        Choice choice = policy.choose("d", new float[] {0, -0.0f, 0, 0}, new float[4], 2, draws);
        assertThat(choice.slate())
                .allSatisfy(place -> assertThat(place.propensity()).isEqualTo(0.25));
    }

    /** Pearson's chi-square within five standard deviations of its mean. */
    private static void assertThatFollows(int[] seen, double[] probabilities, int draws) {
        double chiSquare = 0;
        int cells = 0;
        for (int i = 0; i < seen.length; i++) {
            if (probabilities[i] > 0) {
                double expected = draws * probabilities[i];
                chiSquare += (seen[i] - expected) * (seen[i] - expected) / expected;
                cells++;
            }
        }
        double freedom = cells - 1;
        assertThat(chiSquare).isLessThanOrEqualTo(freedom + 5 * Math.sqrt(2 * freedom));
    }

    private double correlation(Draws.Purpose a, Draws.Purpose b, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (draws.uniform(id(i), a) - 0.5) * (draws.uniform(id(i), b) - 0.5);
        }
        return sum / n * 12;
    }

    private static float[] coarse(Random random, int n) {
        float[] values = new float[n];
        int distinct = 1 + random.nextInt(n);
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(distinct) / 8f;
        }
        return values;
    }
}
