package io.millrace.features.spec;

/** The families of learners. */
public enum LearnerKind {
    /** Several linear learners side by side, mixed by how well they predict. */
    AUTO("auto"),
    /** Linear, follow-the-regularised-leader. */
    FTRL("ftrl"),
    /** Factorisation machine: linear, and an interaction of every two features. */
    FM("fm"),
    /** Factorisation machine with a tower of dense layers beside it. */
    DEEP("deep");

    private final String text;

    LearnerKind(String text) {
        this.text = text;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }
}
