package io.millrace.local.learn;

import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names and globs ({@code *} any text, {@code ?} any letter) as columns. */
final class ColumnPatterns {
    private ColumnPatterns() {}

    static boolean isGlob(String pattern) {
        return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0;
    }

    /** What stands between commas; a name that holds one cannot be given. */
    static List<String> split(Iterable<String> given) {
        List<String> all = new ArrayList<>();
        for (String list : given) {
            for (String name : list.split(",", -1)) {
                all.add(name.strip());
            }
        }
        return all;
    }

    /**
     * The columns that are meant, in the order of the patterns.
     *
     * @param globbed columns that globs may mean
     * @param known columns that names may mean
     * @param place where columns are named, for problems
     * @param flag for problems: a glob without a match, and a name without a column
     */
    static Set<String> expand(
            String place,
            String flag,
            List<String> patterns,
            Collection<String> globbed,
            Collection<String> known,
            Consumer<Problem> problems) {
        Set<String> columns = new LinkedHashSet<>();
        for (String pattern : patterns) {
            if (known.contains(pattern)) {
                columns.add(pattern);
            } else if (isGlob(pattern)) {
                Pattern regex = regex(pattern);
                List<String> matching = globbed.stream()
                        .filter(column -> regex.matcher(column).matches())
                        .toList();
                if (matching.isEmpty()) {
                    problems.accept(
                            new Problem(flag, pattern, "a glob that matches a column: " + Suggestion.oneOf(globbed)));
                }
                columns.addAll(matching);
            } else {
                problems.accept(
                        pattern.isEmpty()
                                ? new Problem(flag, "an empty name", "a column: " + Suggestion.oneOf(known))
                                : missing(place, pattern, known, flag + " names it"));
            }
        }
        return columns;
    }

    /** There is no such column: who asks for it, says {@code why}. */
    static Problem missing(String place, String column, Collection<String> known, String why) {
        return new Problem(place + ", column " + column, "missing", Suggestion.expected(column, known) + "; " + why);
    }

    private static Pattern regex(String glob) {
        return Pattern.compile(
                glob.chars()
                        .mapToObj(c -> switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
