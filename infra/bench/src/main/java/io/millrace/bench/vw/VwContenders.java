package io.millrace.bench.vw;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Once;
import io.millrace.bench.data.DataSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import vowpalWabbit.learner.VWLearner;
import vowpalWabbit.learner.VWLearners;

/** Vowpal Wabbit in each of its settings. */
public final class VwContenders {
    public static final String MAKER = "vw";

    private VwContenders() {}

    /** Why it cannot run here, if so: its native library exists for Linux on x86-64 only. */
    public static Optional<String> unavailable() {
        try {
            VWLearner tried = VWLearners.create("--quiet");
            tried.close();
            return Optional.empty();
        } catch (LinkageError | RuntimeException | IOException e) {
            return Optional.of(e.toString());
        }
    }

    /** All settings, the default first. They share the lines, which are made when the first of them starts. */
    public static List<Contender> of(DataSet data) {
        Supplier<String[]> lines = new Once<>(() -> VwLines.of(data));
        return VwSetting.ALL.stream()
                .<Contender>map(setting -> new VwContender(setting, lines))
                .toList();
    }
}
