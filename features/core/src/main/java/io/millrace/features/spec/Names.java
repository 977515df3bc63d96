package io.millrace.features.spec;

import java.util.Collection;
import java.util.Comparator;

/** Which known name somebody may have meant. */
final class Names {
    private static final int LONGEST = 100;

    private Names() {}

    /** The nearest of the known names, as a question, or else all of them. */
    static String suggest(String given, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(name, given) <= Math.max(1, given.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(name, given))
                        .thenComparing(Comparator.naturalOrder()))
                .map(name -> name + "?")
                .orElse(known.isEmpty() ? "nothing here" : "one of " + String.join(", ", known));
    }

    /** Levenshtein's distance: how many single letters must be changed, added or left out; long names are far from all. */
    static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[b.length()];
    }
}
