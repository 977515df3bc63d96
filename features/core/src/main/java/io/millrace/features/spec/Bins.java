package io.millrace.features.spec;

import java.io.Serializable;

/** How a numeric feature becomes categorical to a model. */
public sealed interface Bins extends Serializable {
    /** As one would write them in a spec. */
    String text();

    /**
     * Steps of equal width from 0: the value x lies in bin floor(x / width).
     *
     * @param width above 0
     */
    record Width(double width) implements Bins {
        public Width {
            if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("width: " + width + " (expected: a number above 0)");
            }
        }

        @Override
        public String text() {
            return Units.show(width);
        }
    }

    /**
     * Bins that hold about equally many of the values seen so far. Their centres are learned with the model; a value between
     * two centres belongs to both, in proportion.
     *
     * @param count how many bins, 2 to 256
     */
    record Quantiles(int count) implements Bins {
        /** The most bins. */
        public static final int MOST = 256;

        public Quantiles {
            if (count < 2 || count > MOST) {
                throw new IllegalArgumentException("bins: " + count + " (expected: 2 to " + MOST + ")");
            }
        }

        @Override
        public String text() {
            return "quantiles(" + count + ")";
        }
    }
}
