package io.millrace.serving.policy;

import io.millrace.wire.Problem;

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

    /** @throws IllegalArgumentException if no arm has the name */
    public static Arm of(String text) {
        for (Arm arm : values()) {
            if (arm.text.equals(text)) {
                return arm;
            }
        }
        throw new IllegalArgumentException(new Problem("arm", text, "one of learned, control, popularity").toString());
    }
}
