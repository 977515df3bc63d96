package io.millrace.features.spec;

/** A scalar setting, declared once: from it come the parser, the check, the error text and the reference page. */
record Setting<T>(String path, Kind<T> kind, String initial, String text) implements Entry {
    /** The default of what is absent unless it is given. */
    static final String NONE = "none";

    Setting {
        if (!initial.isEmpty()
                && !initial.equals(NONE)
                && kind.parse().apply(initial).isEmpty()) {
            throw new IllegalArgumentException(path + ": default " + initial + " (expected: " + kind.expected() + ")");
        }
    }

    @Override
    public String expected() {
        return kind.expected();
    }

    T defaultValue() {
        return kind.parse().apply(initial).orElseThrow();
    }
}
