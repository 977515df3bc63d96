package io.millrace.features.spec;

import java.util.Locale;

/** When a slot gets its label, if no final feedback gives it one before. */
public enum LabelTiming {
    /** When its window ends, whatever the label is. */
    WINDOW,
    /** With the first feedback that makes its reward other than 0, and where there is none, when its window ends. Biased. */
    IMMEDIATE;

    /** As one writes it in a spec. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
