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

    /**
     * How many single letters must be changed, added, left out or swapped with their neighbour (optimal string alignment);
     * long names are far from all.
     */
    static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int[][] best = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    best[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                best[i][j] = Math.min(best[i - 1][j - 1] + change, 1 + Math.min(best[i - 1][j], best[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best[i][j] = Math.min(best[i][j], best[i - 2][j - 2] + 1);
                }
            }
        }
        return best[a.length()][b.length()];
    }
}
