package io.millrace.local.spec;

import io.millrace.features.change.SpecChange;
import io.millrace.features.change.SpecDiff;
import org.jspecify.annotations.Nullable;

/** Differences between two specs, for people: what they come to, then each with what it means and why. */
public final class SpecDiffText {
    private static final String ABSENT = "none";

    private SpecDiffText() {}

    public static String of(SpecDiff diff) {
        if (diff.isEmpty()) {
            return "both specs say the same\n";
        }
        StringBuilder out = new StringBuilder();
        out.append(diff.effect().text())
                .append(": ")
                .append(diff.effect().meaning())
                .append('\n');
        int width = diff.changes().stream()
                .mapToInt(change -> change.effect().text().length())
                .max()
                .orElse(0);
        for (SpecChange change : diff.changes()) {
            String effect = change.effect().text();
            out.append('\n')
                    .append(effect)
                    .append(" ".repeat(width - effect.length()))
                    .append("  ")
                    .append(change.path())
                    .append(": ")
                    .append(show(change.before()))
                    .append(" -> ")
                    .append(show(change.after()))
                    .append('\n')
                    .append(" ".repeat(width + 2))
                    .append(change.reason())
                    .append('\n');
        }
        return out.toString();
    }

    private static String show(@Nullable String value) {
        return value == null ? ABSENT : value;
    }
}
