package io.millrace.features.spec;

/** The families of learners. */
public enum LearnerKind {
    /** Several linear learners side by side, mixed by how well they predict. */
    AUTO("auto", false),
    /** Linear, follow-the-regularised-leader. */
    FTRL("ftrl", false),
    /** Linear, adaptive normalised gradient steps. */
    NORMALIZED("normalized", true),
    /** Linear, coin betting: no step size. */
    COIN("coin", false),
    /** Factorisation machine: linear, and an interaction of every two features. */
    FM("fm", false),
    /** Factorisation machine with a tower of dense layers beside it. */
    DEEP("deep", false);

    private final String text;
    private final boolean rawNumerics;

    LearnerKind(String text, boolean rawNumerics) {
        this.text = text;
        this.rawNumerics = rawNumerics;
    }

    /** Whether it finds the scale of a numeric feature itself, and is given x rather than sgn(x) ln(1 + |x|). */
    public boolean rawNumerics() {
        return rawNumerics;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }
}
