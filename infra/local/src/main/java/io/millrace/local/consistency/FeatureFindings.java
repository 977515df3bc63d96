package io.millrace.local.consistency;

import io.millrace.features.consistency.Comparison;
import org.jspecify.annotations.Nullable;

/** What was found of one feature, while it is being looked at. Not thread-safe. */
final class FeatureFindings {
    private final String feature;
    private long compared;
    private long fromLog;
    private long differ;
    private long differByJob;
    private long unknown;
    private double largestAbsolute;
    private double largestRelative;
    private double sumAbsolute;
    private double sumRelative;
    private @Nullable String first;

    /** Where a value that differs comes from. */
    enum Cause {
        /** It is not what {@code feature-values} said. */
        SERVING,
        /** It is what {@code feature-values} said, but not what the log gives. */
        JOB
    }

    FeatureFindings(String feature) {
        this.feature = feature;
    }

    void unknown() {
        unknown++;
    }

    /** @param isFromLog whether it was compared with the log, not only with {@code feature-values} */
    void equal(Comparison comparison, boolean isFromLog) {
        compared++;
        fromLog += isFromLog ? 1 : 0;
        add(comparison);
    }

    void differs(Comparison comparison, boolean isFromLog, Cause cause, String place) {
        equal(comparison, isFromLog);
        differ++;
        differByJob += cause == Cause.JOB ? 1 : 0;
        if (first == null) {
            first = place + ": logged " + comparison.logged() + ", "
                    + (cause == Cause.JOB
                            ? "as feature-values said, but events and outcomes give " + comparison.recomputed()
                            : "but " + (isFromLog ? "the log gives " : "feature-values said ")
                                    + comparison.recomputed());
        }
    }

    private void add(Comparison comparison) {
        largestAbsolute = Math.max(largestAbsolute, comparison.absolute());
        largestRelative = Math.max(largestRelative, comparison.relative());
        sumAbsolute += comparison.absolute();
        sumRelative += comparison.relative();
    }

    OfFeature result() {
        return new OfFeature(
                feature,
                compared,
                fromLog,
                differ,
                differByJob,
                unknown,
                largestAbsolute,
                compared == 0 ? 0 : sumAbsolute / compared,
                largestRelative,
                compared == 0 ? 0 : sumRelative / compared,
                first);
    }
}
