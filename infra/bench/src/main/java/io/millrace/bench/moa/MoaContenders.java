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
                .filter(Column.Categorical.class::isInstance)
                .map(Column.Categorical.class::cast)
                .filter(column -> column.cardinality() > MOST_VALUES)
                .findFirst()
                .map(column -> column.name() + ": " + column.cardinality() + " values (expected: a column of at most "
                        + MOST_VALUES + ")");
    }

    /** All learners. They share the instances, which are made when the first of them starts. */
    public static List<Contender> of(DataSet data) {
        Supplier<MoaInstances> instances = new Once<>(() -> MoaInstances.of(data));
        return Stream.of(MoaLearner.values())
                .<Contender>map(learner -> new MoaContender(learner, instances))
                .toList();
    }
}
