package io.millrace.bench.scale;

import java.util.List;
import java.util.stream.Stream;

/** One size at which learners are measured: a table of 2^bits weights, examples of so many features. */
public record Point(int bits, int features) {
    /** The sizes that a run goes through: each table at one number of features, then each number of features at one table. */
    public static List<Point> all(List<Integer> bits, int features, List<Integer> moreFeatures, int bitsOfThem) {
        return Stream.concat(
                        bits.stream().map(size -> new Point(size, features)),
                        moreFeatures.stream().map(number -> new Point(bitsOfThem, number)))
                .distinct()
                .toList();
    }
}
