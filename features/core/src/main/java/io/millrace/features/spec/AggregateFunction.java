package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import java.util.Locale;

/** What an aggregate says about what happened. */
public enum AggregateFunction {
    /** How many. */
    COUNT(Takes.NOTHING, true, FeatureKind.NUMERIC),
    /** The sum of a number. */
    SUM(Takes.NUMBER, true, FeatureKind.NUMERIC),
    /** The mean of a number. */
    MEAN(Takes.NUMBER, true, FeatureKind.NUMERIC),
    /** The smallest of a number. */
    MIN(Takes.NUMBER, false, FeatureKind.NUMERIC),
    /** The largest of a number. */
    MAX(Takes.NUMBER, false, FeatureKind.NUMERIC),
    /** The number of the latest. */
    LAST(Takes.NUMBER, false, FeatureKind.NUMERIC),
    /** How many of one kind there are for each of another. */
    RATE(Takes.NOTHING, true, FeatureKind.NUMERIC),
    /** How many different ones, estimated. */
    DISTINCT(Takes.CATEGORY, false, FeatureKind.NUMERIC),
    /** What a share of the numbers is below, estimated. */
    QUANTILE(Takes.NUMBER, false, FeatureKind.NUMERIC),
    /** The most frequent ones. */
    TOP_K(Takes.CATEGORY, false, FeatureKind.CATEGORICAL_SET),
    /** The latest ones, in the order in which they happened. */
    LAST_K(Takes.CATEGORY, false, FeatureKind.SEQUENCE),
    /** How many of each. */
    COUNT_BY(Takes.CATEGORY, true, FeatureKind.WEIGHTED_SET),
    /** Seconds since the first. */
    AGE(Takes.NOTHING, false, FeatureKind.NUMERIC),
    /** Seconds since the latest. */
    SINCE_LAST(Takes.NOTHING, false, FeatureKind.NUMERIC);

    /** What field of an event a function needs. */
    public enum Takes {
        NOTHING,
        NUMBER,
        CATEGORY
    }

    private final Takes takes;
    private final boolean decays;
    private final FeatureKind kind;

    AggregateFunction(Takes takes, boolean decays, FeatureKind kind) {
        this.takes = takes;
        this.decays = decays;
        this.kind = kind;
    }

    Takes takes() {
        return takes;
    }

    /** Whether it can be weighted by age. */
    boolean decays() {
        return decays;
    }

    /** What kind of feature it is for one entity. */
    public FeatureKind kind() {
        return kind;
    }

    /** As it stands in a spec. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
