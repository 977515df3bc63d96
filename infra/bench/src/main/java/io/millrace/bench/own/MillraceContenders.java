package io.millrace.bench.own;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Once;
import io.millrace.bench.data.DataSet;
import io.millrace.vector.FeatureSet;
import java.util.List;
import java.util.function.Supplier;

/** Millrace's learners, each with 2^22 weights. */
public final class MillraceContenders {
    public static final String MAKER = "millrace";

    private static final int BITS = 22;
    static final List<String> SETTINGS = List.of(
            "learner: auto",
            "learner: normalized",
            "learner: coin",
            "learner: fm",
            "learner: deep",
            "learner: ftrl, alpha: 0.05",
            "learner: ftrl, alpha: 0.1",
            "learner: ftrl, alpha: 0.2",
            "learner: ftrl, alpha: 0.5");

    private MillraceContenders() {}

    /**
     * They share the log, which is encoded when the first of them starts.
     *
     * @param settings of the spec's section {@code model}, in place of those that are tried else: {@code learner: auto}
     */
    public static List<Contender> of(DataSet data, List<String> settings) {
        return of(data, settings.isEmpty() ? SETTINGS : settings, List.of(BITS)).get(0);
    }

    /**
     * Each of some settings with each of several sizes of the table: a list for each size. They share the log.
     *
     * @param settings of the spec's section {@code model}: {@code learner: ftrl, alpha: 0.1}
     */
    public static List<List<Contender>> of(DataSet data, List<String> settings, List<Integer> bits) {
        FeatureSet set = BenchSpec.of(data, model(settings.get(0), BITS)).featureSet();
        Supplier<byte[][]> log = new Once<>(() -> ExampleLog.of(data, set));
        return bits.stream()
                .map(size -> settings.stream()
                        .<Contender>map(setting ->
                                new MillraceContender(setting, BenchSpec.of(data, model(setting, size)), log))
                        .toList())
                .toList();
    }

    private static String model(String setting, int bits) {
        return "{" + setting + ", bits: " + bits + "}";
    }
}
