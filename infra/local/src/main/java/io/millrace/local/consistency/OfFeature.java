package io.millrace.local.consistency;

import org.jspecify.annotations.Nullable;

/**
 * What was found of one feature.
 *
 * @param compared values that were compared
 * @param fromLog how many of them with events and outcomes, the others with {@code feature-values} only
 * @param differ how many differ
 * @param differByJob how many of these are what {@code feature-values} said; the others are not even that
 * @param unknown values with which nothing could be compared, since it is gone from the log or was still on its way
 * @param largestAbsolute the largest difference; of categories, how many
 * @param meanAbsolute the mean of all that were compared
 * @param first the first that differs, in words
 */
public record OfFeature(
        String feature,
        long compared,
        long fromLog,
        long differ,
        long differByJob,
        long unknown,
        double largestAbsolute,
        double meanAbsolute,
        double largestRelative,
        double meanRelative,
        @Nullable String first) {
    /** The share of those compared that differ. */
    public double share() {
        return compared == 0 ? 0 : (double) differ / compared;
    }
}
