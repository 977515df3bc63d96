package io.millrace.features.aggregate;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The entities that sets of values name: each combination of one of each. */
final class Entities {
    private Entities() {}

    /**
     * @param values for each feature that the group is by, the hashes of its values; where one has none, there is no entity
     */
    static void forEach(AggregateGroup group, long[][] values, LongConsumer out) {
        forEachChosen(values, chosen -> out.accept(group.entity(chosen)));
    }

    /** How many there are. */
    static long count(long[][] values) {
        long count = 1;
        for (long[] one : values) {
            count = count * one.length;
            if (count == 0 || count > Integer.MAX_VALUE) {
                return count;
            }
        }
        return count;
    }

    /** Shows each combination; the array is the same one every time. */
    static void forEachChosen(long[][] values, Consumer<long[]> out) {
        combine(values, 0, new long[values.length], out);
    }

    private static void combine(long[][] values, int at, long[] chosen, Consumer<long[]> out) {
        if (at == values.length) {
            out.accept(chosen);
            return;
        }
        for (long value : values[at]) {
            chosen[at] = value;
            combine(values, at + 1, chosen, out);
        }
    }
}
