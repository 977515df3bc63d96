package io.millrace.bench.cli;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.moa.MoaContenders;
import io.millrace.bench.own.MillraceContenders;
import io.millrace.bench.vw.VwContenders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose learners can take part. */
enum Maker {
    VW,
    MOA,
    MILLRACE;

    /**
     * @param moreOfVw settings of Vowpal Wabbit besides those that are always tried
     * @param ours settings of Millrace, in place of those that are tried else
     */
    List<Contender> contenders(DataSet data, List<String> moreOfVw, List<String> ours) {
        return switch (this) {
            case VW -> VwContenders.of(data, moreOfVw);
            case MOA -> MoaContenders.of(data);
            case MILLRACE -> MillraceContenders.of(data, ours);
        };
    }

    /** Whether they take part where nobody says who: MOA's learners are for numbers, and take minutes on anything large. */
    boolean suits(DataSet data) {
        return this != MOA || data.isNumeric();
    }

    /** Why they cannot take part, if so: on this machine, or on such data. */
    Optional<String> unfit(DataSet data) {
        return switch (this) {
            case VW -> VwContenders.unavailable();
            case MOA -> MoaContenders.unfit(data);
            case MILLRACE -> Optional.empty();
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
