package io.millrace.features.consistency;

import java.util.ArrayList;
import java.util.List;

/** Which entities sets of values name: one of each set, in every combination. */
final class Combination {
    /** For more than these nothing counts and nothing is read. */
    static final int MOST = 1000;

    private Combination() {}

    /** None where a set is empty, or where there would be too many. */
    static List<EntityName> of(List<String> by, List<long[]> values) {
        List<List<Long>> combinations = List.of(List.of());
        for (long[] set : values) {
            if ((long) combinations.size() * set.length > MOST) {
                return List.of();
            }
            List<List<Long>> longer = new ArrayList<>(combinations.size() * set.length);
            for (List<Long> begun : combinations) {
                for (long value : set) {
                    List<Long> one = new ArrayList<>(begun);
                    one.add(value);
                    longer.add(one);
                }
            }
            combinations = longer;
        }
        return combinations.stream().map(hashes -> new EntityName(by, hashes)).toList();
    }
}
