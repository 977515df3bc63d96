package io.millrace.features.spec;

import java.util.Locale;

/** What is made of several rewards. First and last are by event time, and by the feedback's id where that is equal. */
public enum Take {
    SUM,
    FIRST,
    MAX,
    LAST;

    /** As one writes it in a spec. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
