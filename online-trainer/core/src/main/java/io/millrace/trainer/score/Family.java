package io.millrace.trainer.score;

import io.millrace.features.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model family keeps: the floats of a feature's row, and what does not belong to any feature.
 *
 * @param columns names of a row's floats; what a scorer needs comes first
 * @param served how many of the columns a scorer needs
 * @param dense floats that a scorer needs and that belong to no feature
 * @param hidden floats that only the learner needs and that belong to no feature
 */
public record Family(List<String> columns, int served, int dense, int hidden) {
    /** Doubles that the learner of {@code auto} keeps for itself. */
    public static final int AUTO_HIDDEN = AutoMix.STACKERS * AutoMix.INPUTS * AutoMix.INPUTS + 9;

    public Family {
        columns = List.copyOf(columns);
    }

    /** Where a row's factors begin, in families that have them. */
    static final int FIRST_FACTOR = 1;

    /** The family that a spec names. */
    public static Family of(PipelineSpec spec) {
        return switch (spec.model().learner()) {
            case AUTO ->
                new Family(
                        List.of(
                                "scale", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "epoch", "v1", "v2", "v3", "v4",
                                "v5", "v6", "v7"),
                        1 + AutoMix.MEMBERS,
                        AutoMix.NUMBERS * DenseDoubles.FLOATS,
                        AUTO_HIDDEN * DenseDoubles.FLOATS);
            case FTRL -> new Family(List.of("w", "z", "n", "root_n"), 1, 0, 0);
            case NORMALIZED -> new Family(List.of("w", "scale", "h", "root_h"), 2, 0, StreamSums.FLOATS);
            case COIN ->
                new Family(List.of("w", "scale", "base", "theta", "total", "largest", "won"), 2, 0, StreamSums.FLOATS);
            case FM -> factors(spec, 0, 0);
            case DEEP -> {
                TowerShape shape = TowerShape.of(spec);
                yield factors(spec, shape.floats(), shape.optimiserFloats());
            }
        };
    }

    private static Family factors(PipelineSpec spec, int dense, int hidden) {
        int factors = (int) spec.model().setting("factors");
        List<String> columns = new ArrayList<>();
        columns.add("w");
        IntStream.rangeClosed(1, factors).forEach(f -> columns.add("v" + f));
        columns.addAll(List.of("z", "n", "root_n"));
        IntStream.rangeClosed(1, factors).forEach(f -> columns.add("n" + f));
        return new Family(columns, FIRST_FACTOR + factors, dense, hidden);
    }
}
