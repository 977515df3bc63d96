package io.millrace.features.spec;

/**
 * One setting, declared once: from it come the parser, the check, the error text and the reference page.
 *
 * @param path where it stands: {@code policy.epsilon}
 * @param initial the default as one would write it; empty where the setting must be given
 * @param text what it does, for the reference page
 */
record Setting<T>(String path, Kind<T> kind, String initial, String text) {
    Setting {
        if (!initial.isEmpty() && kind.parse().apply(initial).isEmpty()) {
            throw new IllegalArgumentException(path + ": default " + initial + " (expected: " + kind.expected() + ")");
        }
    }

    String key() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    boolean isRequired() {
        return initial.isEmpty();
    }

    T defaultValue() {
        return kind.parse().apply(initial).orElseThrow();
    }
}
