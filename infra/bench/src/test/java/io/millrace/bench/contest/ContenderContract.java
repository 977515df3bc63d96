package io.millrace.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every contender promises, on categorical and on numeric columns. */
public abstract class ContenderContract {
    private static final int EXAMPLES = 500;

    /** All settings, on some data. */
    protected abstract List<Contender> contenders(DataSet data);

    @TestFactory
    Stream<DynamicTest> predictionsKnowNothingOfTheirOwnAndLaterLabels() {
        return each((data, number) -> {
            double[] predictions = predictions(contenders(data).get(number));
            for (int first : new int[] {0, 1, 17, EXAMPLES - 1}) {
                boolean[] others = data.labels().clone();
                for (int i = first; i < others.length; i++) {
                    others[i] = !others[i];
                }
                DataSet changed = new DataSet(data.name(), data.origin(), data.columns(), data.crosses(), others);
                assertThat(Arrays.copyOf(predictions(contenders(changed).get(number)), first + 1))
                        .as("labels from %s on are others", first)
                        .containsExactly(Arrays.copyOf(predictions, first + 1), within(1e-9));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> learnsAnewWithEachStartAndSaysTheSame() {
        return each((data, number) -> {
            Contender contender = contenders(data).get(number);
            assertThat(predictions(contender)).isEqualTo(predictions(contender));
        });
    }

    @TestFactory
    Stream<DynamicTest> saysSomethingElseOnceItHasLearned() {
        return each((data, number) -> {
            double[] predictions = predictions(contenders(data).get(number));
            assertThat(predictions[0]).isCloseTo(0.5, within(1e-9));
            assertThat(Arrays.stream(predictions, EXAMPLES / 2, EXAMPLES)).allMatch(p -> p >= 0 && p <= 1);
            assertThat(Arrays.stream(predictions, EXAMPLES / 2, EXAMPLES)
                            .distinct()
                            .count())
                    .isGreaterThan(10);
        });
    }

    private interface Check {
        void of(DataSet data, int contender);
    }

    private Stream<DynamicTest> each(Check check) {
        return Stream.of(categorical(), numeric()).flatMap(data -> {
            List<Contender> contenders = contenders(data);
            return IntStream.range(0, contenders.size())
                    .mapToObj(number -> DynamicTest.dynamicTest(
                            contenders.get(number).setting() + ", " + data.name(), () -> check.of(data, number)));
        });
    }

    private static double[] predictions(Contender contender) {
        double[] predictions = new double[EXAMPLES];
        try (Contender.Learning learning = contender.start()) {
            learning.learn(predictions);
        }
        return predictions;
    }

    /** Few values only, so that trees stay small; two of the columns are crossed. */
    private static DataSet categorical() {
        DataSet data = Synthetic.of(EXAMPLES, 4, 3);
        List<Column> columns = data.columns().subList(0, 2);
        return new DataSet("categorical", "", columns, List.of(List.of("f0", "f1")), data.labels());
    }

    private static DataSet numeric() {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = random.doubles(EXAMPLES, -2, 2).toArray();
        boolean[] labels = new boolean[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-values[i]));
        }
        return new DataSet("numeric", "", List.of(new Column.Numeric("x", values)), List.of(), labels)
                .withLags(List.of(1, 3));
    }
}
