package io.millrace.bench.moa;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Once;
import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** MOA's learners. */
public final class MoaContenders {
    public static final String MAKER = "moa";

    private static final int MOST_VALUES = 500;

    private MoaContenders() {}

    /** Why its learners cannot learn such data, if so: trees try to split a column at each value against all others. */
    public static Optional<String> unfit(DataSet data) {
        return data.columns().stream()
                .map(MoaContenders::unfit)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> unfit(Column column) {
        if (column instanceof Column.Several) {
            return Optional.of(column.name() + ": a set (expected: a column with one value an example)");
        }
        return column instanceof Column.Categorical categorical && categorical.cardinality() > MOST_VALUES
                ? Optional.of(column.name() + ": " + categorical.cardinality()
                        + " values (expected: a column of at most " + MOST_VALUES + ")")
                : Optional.empty();
    }

    /** All learners. They share the instances, which are made when the first of them starts. */
    public static List<Contender> of(DataSet data) {
        Supplier<MoaInstances> instances = new Once<>(() -> MoaInstances.of(data));
        return Stream.of(MoaLearner.values())
                .<Contender>map(learner -> new MoaContender(learner, instances))
                .toList();
    }
}
