package io.millrace.features.spec;

/** The families of learners. */
public enum LearnerKind {
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
