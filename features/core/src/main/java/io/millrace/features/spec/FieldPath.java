package io.millrace.features.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value stands in a record of somebody else's: {@code product.id}, {@code items[0].id}, {@code ["odd.name"]}.
 *
 * @param text the path as it is written, without the mark of an optional one
 * @param steps from the outermost inwards
 * @param isOptional whether the value may be missing: its path ends with a question mark
 */
public record FieldPath(String text, List<Step> steps, boolean isOptional) implements Serializable {
    static final String EXPECTED = "a path like product.id, items[0].id or [\"odd.name\"]";

    private static final Pattern STEP = Pattern.compile(
            "(?<dot>[.]?)(?<name>[^.\\[\\]?\"\\s]+)|\\[(?<position>[0-9]{1,6})]|\\[\"(?<quoted>[^\"]+)\"]");
    private static final int LONGEST = 1000;

    /** One step inwards. */
    public sealed interface Step extends Serializable {}

    /** To the field of a name. */
    public record Name(String name) implements Step {}

    /** To the element at a position, from 0. */
    public record Position(int position) implements Step {}

    public FieldPath {
        steps = List.copyOf(steps);
    }

    /** The path that a text says, if it says one. */
    public static Optional<FieldPath> parse(String text) {
        boolean isOptional = text.endsWith("?");
        String path = isOptional ? text.substring(0, text.length() - 1) : text;
        List<Step> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int end = 0;
        while (end < path.length() && step.find() && step.start() == end) {
            boolean isFirst = end == 0;
            end = step.end();
            if (step.group("position") != null) {
                steps.add(new Position(Integer.parseInt(step.group("position"))));
            } else if (step.group("quoted") != null) {
                steps.add(new Name(step.group("quoted")));
            } else if (step.group("dot").isEmpty() == isFirst) {
                steps.add(new Name(step.group("name")));
            } else {
                return Optional.empty();
            }
        }
        boolean isWhole = end == path.length() && !path.isEmpty() && path.length() <= LONGEST;
        return isWhole ? Optional.of(new FieldPath(path, steps, isOptional)) : Optional.empty();
    }

    /** As it is written. */
    @Override
    public String toString() {
        return isOptional ? text + "?" : text;
    }
}
