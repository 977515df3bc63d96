package io.millrace.features.spec;

import java.io.Serializable;

/**
 * Which labels become examples.
 *
 * @param negatives share of the labels of 0 that do: above 0 and at most 1
 * @param seed salts the draw
 */
public record SampleSpec(double negatives, long seed) implements Serializable {
    /** Every label. */
    public static final SampleSpec ALL = new SampleSpec(1, 0);
}
