package io.millrace.bench.moa;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Once;
import io.millrace.bench.data.DataSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** MOA's learners. */
public final class MoaContenders {
    public static final String MAKER = "moa";

    private MoaContenders() {}

    /** All learners. They share the instances, which are made when the first of them starts. */
    public static List<Contender> of(DataSet data) {
        Supplier<MoaInstances> instances = new Once<>(() -> MoaInstances.of(data));
        return Stream.of(MoaLearner.values())
                .<Contender>map(learner -> new MoaContender(learner, instances))
                .toList();
    }
}
