package io.millrace.vector;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Takes vectors of one feature set over into another, by the features' names: what a vector of the other set would be, had it
 * been logged with the same values. A feature that only the first set has is dropped, one that only the second has is missing.
 *
 * <p>Elements are copied, whole runs of features at a time, as they stand. Holds scratch memory: not thread-safe.
 */
public final class FeatureTranslation {
    private static final String OF_ALL = "shared by all candidates";
    private static final String OF_EACH = "of each candidate";

    private final FeatureVector source;
    private final FeatureSet to;
    private final int[] runs;

    /**
     * @throws IllegalArgumentException with all {@link #problems}, if there are any
     */
    public FeatureTranslation(FeatureSet from, FeatureSet to) {
        List<Problem> problems = problems(from, to);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        this.source = new FeatureVector(from);
        this.to = to;
        this.runs = runs(from, to);
    }

    /**
     * Why vectors of one set cannot be taken over into another, if so: a value of one kind is none of another, and what one name
     * says of a decision and of a candidate is not the same thing.
     */
    public static List<Problem> problems(FeatureSet from, FeatureSet to) {
        List<Problem> problems = new ArrayList<>();
        for (int position = 0; position < from.size(); position++) {
            Feature before = from.features().get(position);
            int there = to.indexOf(before.name());
            if (there < 0) {
                continue;
            }
            Feature after = to.features().get(there);
            String name = "feature " + before.name();
            if (before.kind() != after.kind()) {
                problems.add(new Problem(
                        name,
                        after.kind().text(),
                        before.kind().text() + ", as in " + label(from) + ", or another name"));
            }
            if (position < from.shared() != there < to.shared()) {
                problems.add(new Problem(
                        name,
                        there < to.shared() ? OF_ALL : OF_EACH,
                        (position < from.shared() ? OF_ALL : OF_EACH) + ", as in " + label(from)
                                + ", or another name"));
            }
        }
        return problems;
    }

    private static String label(FeatureSet set) {
        return set.name() + "@" + Long.toHexString(set.version());
    }

    /** Of each longest run of features that follow each other in both sets: where it begins in the second, in the first, its length. */
    private static int[] runs(FeatureSet from, FeatureSet to) {
        List<Integer> runs = new ArrayList<>();
        int there = 0;
        while (there < to.size()) {
            int here = from.indexOf(to.features().get(there).name());
            int length = 1;
            if (here >= 0) {
                while (there + length < to.size()
                        && here + length < from.size()
                        && from.features()
                                .get(here + length)
                                .equals(to.features().get(there + length))) {
                    length++;
                }
                runs.addAll(List.of(there, here, length));
            }
            there += length;
        }
        return runs.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The set whose vectors are taken over. */
    public FeatureSet from() {
        return source.set();
    }

    /**
     * Replaces a vector's content by that of a packed one.
     *
     * @param packed holds a whole vector of {@link #from}, {@code length} bytes from {@code offset} on
     * @param out a vector of the other set
     * @return the vector as it was packed, until the next is translated
     * @throws MalformedVectorException if the bytes are no such vector; {@code out} is then empty
     */
    public FeatureVector translate(byte[] packed, int offset, int length, FeatureVector out) {
        if (out.set().version() != to.version()) {
            throw new IllegalArgumentException("vector: of " + label(out.set()) + " (expected: of " + label(to) + ")");
        }
        out.clear();
        out.copy(source.unpack(packed, offset, length), runs);
        return source;
    }
}
