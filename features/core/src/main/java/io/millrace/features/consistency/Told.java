package io.millrace.features.consistency;

import io.millrace.features.spec.AggregateFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entity, of one feature, once corrections are taken into account.
 *
 * @param all what counts
 * @param takenBack what counted once and does not any more
 * @param isCertain whether all that was corrected is known
 */
record Told(List<One> all, List<One> takenBack, boolean isCertain) {
    /**
     * One thing, at the time at which it happened.
     *
     * @param isLate whether a correction says that it should have counted
     */
    record One(long timeMicros, long reachedMicros, long id, Seen.Part part, boolean isLate) {}

    /**
     * Takes what records say one after the other.
     *
     * @param of of each record, one thing that it says
     */
    static Told of(AggregateFunction function, List<Seen> known, List<Seen.Said> of) {
        List<@Nullable One> all = new ArrayList<>(of.size());
        Map<Long, List<Integer>> places = new HashMap<>();
        List<One> takenBack = new ArrayList<>();
        boolean isCertain = true;
        for (int i = 0; i < of.size(); i++) {
            Seen.Said said = of.get(i);
            if (said.wrong() != null) {
                int wrong = find(said, all, places.getOrDefault(said.id(), List.of()));
                isCertain &= wrong >= 0;
                if (wrong >= 0 && takesBack(function)) {
                    One gone = all.set(wrong, null);
                    if (said.right() == null) {
                        takenBack.add(gone);
                    }
                }
            }
            if (said.right() != null) {
                places.computeIfAbsent(said.id(), absent -> new ArrayList<>(1)).add(all.size());
                boolean isLate = said.isCorrection() && said.wrong() == null;
                all.add(new One(said.timeMicros(), known.get(i).reachedMicros(), said.id(), said.right(), isLate));
            }
        }
        return new Told(all.stream().filter(Objects::nonNull).toList(), takenBack, isCertain);
    }

    private static int find(Seen.Said said, List<@Nullable One> all, List<Integer> places) {
        for (int place : places) {
            @Nullable One one = all.get(place);
            if (one != null && one.timeMicros() == said.timeMicros() && Seen.Part.isSame(one.part(), said.wrong())) {
                return place;
            }
        }
        return -1;
    }

    /** Extremes and sets do not know what they would be without one of theirs. */
    private static boolean takesBack(AggregateFunction function) {
        return switch (function) {
            case COUNT, SUM, MEAN, RATE, COUNT_BY, QUANTILE, TOP_K, LAST, LAST_K -> true;
            case MIN, MAX, DISTINCT, AGE, SINCE_LAST -> false;
        };
    }
}
