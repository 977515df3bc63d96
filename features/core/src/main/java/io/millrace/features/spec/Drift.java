package io.millrace.features.spec;

/** What a learner does when its progressive loss rises. */
public enum Drift {
    /** Nothing beyond what it does anyway. */
    IGNORE("ignore"),
    /** A detector watches the loss; when it rises, learning begins anew where it pays. */
    REACT("react");

    private final String text;

    Drift(String text) {
        this.text = text;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }
}
