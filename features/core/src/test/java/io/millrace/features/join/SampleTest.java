package io.millrace.features.join;

import static io.millrace.features.join.Records.decision;
import static io.millrace.features.join.Records.feedback;
import static io.millrace.features.join.Records.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.SampleSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final long SECOND = 1_000_000;
    private static final long T = 1_760_000_000L * SECOND;
    private static final double RATE = 0.2;
    private static final int SEEDS = 200;
    private static final int DECISIONS = 500;
    /** Standard errors; that one of a handful of means is farther off by chance happens once in 10,000 times. */
    private static final double FAR = 4.5;

    @Test
    void drawsAsItWasReleased() {
        // python3: (xxhash.xxh3_64_intdigest(b"d/0", seed=7) >> 11) * 2**-53
        assertThat(new Sample(new SampleSpec(0.5, 7)).draw("d", 0)).isEqualTo(0.5950086104631014);
    }

    @Test
    void drawsUniformly() {
        Sample sample = new Sample(new SampleSpec(RATE, 3));
        int[] found = new int[10];
        for (int i = 0; i < 100_000; i++) {
            found[(int) (10 * sample.draw("decision " + i / 3, i % 3))]++;
        }
        assertThat(Arrays.stream(found).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
    }

    @Test
    void everyLabelIsAnExampleOfWeightOneWhereNothingIsDropped() {
        TestingJoin join = run(SampleSpec.ALL);
        assertThat(join.examples)
                .filteredOn(example -> example.getKind() == ExampleKind.ORIGINAL)
                .hasSize(3 * DECISIONS);
        assertThat(join.examples).extracting(Example::getWeight).containsOnly(1.0);
        assertThat(join.count(JoinCount.SAMPLED_OUT)).isZero();
    }

    /** Labels that late feedback has corrected, upwards and back, among them. */
    @Test
    void weightedCountsOfLabelsAreUnbiased() {
        Map<Double, Double> exact = weights(run(SampleSpec.ALL));
        assertThat(exact).hasSize(3);
        Map<Double, double[]> sums = new TreeMap<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Map<Double, Double> sampled = weights(run(new SampleSpec(RATE, seed)));
            exact.keySet().forEach(label -> {
                double weight = sampled.getOrDefault(label, 0.0);
                double[] sum = sums.computeIfAbsent(label, absent -> new double[2]);
                sum[0] += weight;
                sum[1] += weight * weight;
            });
        }
        exact.forEach((label, count) -> {
            double[] sum = sums.get(label);
            double mean = sum[0] / SEEDS;
            double variance = sum[1] / SEEDS - mean * mean;
            assertThat(mean)
                    .as("weight of label %s over %d seeds", label, SEEDS)
                    .isCloseTo(count, within(FAR * Math.sqrt(variance / SEEDS)));
            assertThat(variance > 0)
                    .as("labels of %s that were first labelled 0 are dropped at times", label)
                    .isEqualTo(label < 2);
        });
    }

    @Test
    void noCorrectionIsOrphanedAndPositivesOfTheWindowAreAllThere() {
        TestingJoin all = run(SampleSpec.ALL);
        TestingJoin join = run(new SampleSpec(RATE, 11));
        Map<String, Double> labels = new HashMap<>();
        Map<String, Double> weights = new HashMap<>();
        for (Example example : join.examples) {
            String slot = example.getDecisionId() + "/" + example.getSlot();
            if (example.getKind() == ExampleKind.ORIGINAL) {
                assertThat(labels.put(slot, example.getReward())).as(slot).isNull();
                assertThat(example.getWeight()).isEqualTo(example.getReward() == 0 ? 1 / RATE : 1);
                weights.put(slot, example.getWeight());
            } else {
                assertThat(labels.put(slot, example.getReward())).as(slot).isEqualTo(example.getReplacedReward());
                assertThat(example.getWeight()).as(slot).isEqualTo(weights.get(slot));
            }
        }
        assertThat(positives(join)).isEqualTo(positives(all)).isPositive();
        assertThat(join.examples.size() + join.count(JoinCount.SAMPLED_OUT)).isEqualTo(all.examples.size());
        assertThat(join.outcomes).isEqualTo(all.outcomes);
        assertThat(join.count(JoinCount.CORRECTED)).isEqualTo(all.count(JoinCount.CORRECTED));
    }

    private static long positives(TestingJoin join) {
        return join.examples.stream()
                .filter(example -> example.getKind() == ExampleKind.ORIGINAL && example.getReward() != 0)
                .count();
    }

    /** What the labels weigh that a learner of all examples is left with. */
    private static Map<Double, Double> weights(TestingJoin join) {
        Map<Double, Double> weights = new TreeMap<>();
        for (Example example : join.examples) {
            weights.merge(example.getReward(), example.getWeight(), Double::sum);
            if (example.getKind() == ExampleKind.CORRECTION) {
                weights.merge(example.getReplacedReward(), -example.getWeight(), Double::sum);
            }
        }
        return weights;
    }

    private static TestingJoin run(SampleSpec sample) {
        FeedbackSpec spec = new FeedbackSpec(
                        Map.of("click", 1.0, "like", 2.0, "undo", -1.0),
                        Set.of("dismiss"),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(600))
                .with(sample);
        TestingJoin join = new TestingJoin(new DecisionJoin(spec));
        Random fates = new Random(5);
        for (int i = 0; i < DECISIONS; i++) {
            String id = "d" + i;
            join.decision(id, decision(id, null, T, 3));
            for (int slot = 0; slot < 3; slot++) {
                String[] kinds = kinds(fates.nextInt(8));
                for (int at = 0; at < kinds.length; at++) {
                    if (!kinds[at].isEmpty()) {
                        Feedback told = feedback(id + "-" + slot + "-" + at, kinds[at], T + (1 + 70L * at) * SECOND);
                        join.feedback(id, on(told, id, slot));
                    }
                }
            }
        }
        return join.time(T + 700 * SECOND);
    }

    /** What is said in the window, after it, and later still. */
    private static String[] kinds(int fate) {
        return switch (fate) {
            case 0 -> new String[] {"click"};
            case 1 -> new String[] {"dismiss"};
            case 2 -> new String[] {"", "click"};
            case 3 -> new String[] {"click", "undo", "like"};
            case 4 -> new String[] {"", "like", "", "undo"};
            default -> new String[0];
        };
    }
}
