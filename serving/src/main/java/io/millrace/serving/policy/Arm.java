package io.millrace.serving.policy;

/** Who makes a decision. */
public enum Arm {
    /** Ranks by what the model predicts, and explores. */
    LEARNED("learned"),
    /** Shows a uniformly random slate. */
    CONTROL("control"),
    /** Ranks by the smoothed reward rate. */
    POPULARITY("popularity");

    private final String text;

    Arm(String text) {
        this.text = text;
    }

    /** The name used in decisions. */
    public String text() {
        return text;
    }
}
