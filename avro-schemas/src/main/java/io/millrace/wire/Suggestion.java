package io.millrace.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name somebody may have meant who gave an unknown one. */
public final class Suggestion {
    /** Longer names are near none: somebody else's text is no typing error, and comparing costs the product of lengths. */
    private static final int LONGEST = 64;

    private Suggestion() {}

    /** The nearest of the known names, if it is near at all: one letter in three may be wrong, or one of fewer. */
    public static Optional<String> near(String given, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(name, given) <= Math.max(1, given.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(name, given))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** What to expect where an unknown name was given: the nearest of the known ones, as a question, or else all of them. */
    public static String expected(String given, Collection<String> known) {
        return near(given, known).map(name -> name + "?").orElseGet(() -> oneOf(known));
    }

    /** All known names, as an expectation. */
    public static String oneOf(Collection<String> known) {
        return known.isEmpty() ? "nothing here" : "one of " + String.join(", ", known);
    }

    /** How many single letters must be changed, added, left out or swapped with their neighbour (optimal string alignment). */
    private static int distance(String a, String b) {
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
