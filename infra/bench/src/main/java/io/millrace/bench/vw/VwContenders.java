package io.millrace.bench.vw;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Once;
import io.millrace.bench.data.DataSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    /**
     * All settings, the default first. They share the lines, which are made when the first of them starts.
     *
     * @param more further settings, as Vowpal Wabbit's own arguments
     */
    public static List<Contender> of(DataSet data, List<String> more) {
        Supplier<String[]> lines = new Once<>(() -> VwLines.of(data));
        return Stream.concat(VwSetting.ALL.stream(), more.stream())
                .<Contender>map(setting -> new VwContender(setting, lines))
                .toList();
    }

    /** The default with each of several sizes of the table. They share the lines. */
    public static List<Contender> ofBits(DataSet data, List<Integer> bits) {
        Supplier<String[]> lines = new Once<>(() -> VwLines.of(data));
        return bits.stream()
                .<Contender>map(
                        size -> new VwContender(VwSetting.DEFAULT, VwSetting.arguments(VwSetting.DEFAULT, size), lines))
                .toList();
    }
}
