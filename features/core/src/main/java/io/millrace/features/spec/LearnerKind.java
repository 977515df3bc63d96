package io.millrace.features.spec;

/** The families of learners. */
public enum LearnerKind {
    /** Several linear learners side by side, mixed by how well they predict. */
    AUTO("auto"),
    /** Linear, follow-the-regularised-leader. */
    FTRL("ftrl");

    private final String text;

    LearnerKind(String text) {
        this.text = text;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }
}
