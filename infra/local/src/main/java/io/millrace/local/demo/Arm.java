package io.millrace.local.demo;

import java.util.Locale;

/** Who made a decision. */
public enum Arm {
    /** The model, exploring. */
    LEARNED,
    /** A uniform draw. */
    CONTROL,
    /** The smoothed reward rate. */
    POPULARITY;

    /** The name in answers and reports. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if no arm has the name */
    public static Arm of(String text) {
        for (Arm arm : values()) {
            if (arm.text().equals(text)) {
                return arm;
            }
        }
        throw new IllegalArgumentException("arm: " + text + " (expected: one of learned, control, popularity)");
    }
}
