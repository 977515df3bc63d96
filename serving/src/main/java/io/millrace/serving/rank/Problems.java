package io.millrace.serving.rank;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Gathers what is wrong with a request; the first {@value #SHOWN} are kept, all are counted. Not thread-safe. */
final class Problems implements Consumer<Problem> {
    static final int SHOWN = 50;

    private final List<Problem> shown = new ArrayList<>();
    private int count;

    @Override
    public void accept(Problem problem) {
        count++;
        if (shown.size() < SHOWN) {
            shown.add(problem);
        }
    }

    /** Reports a name that nobody knows, with the known one that was probably meant. */
    void unknown(String place, String name, String what, Collection<String> known) {
        String names = known.isEmpty() ? "none here" : "one of " + String.join(", ", known);
        String expected = Suggestion.of(name, known)
                .map(near -> near + "? The names are " + String.join(", ", known))
                .orElse(names);
        accept(new Problem(place, "unknown " + what, expected));
    }

    void throwIfAny() throws InvalidRequestException {
        if (count > 0) {
            String first = shown.get(0).toString();
            throw new InvalidRequestException(count == 1 ? first : first + ", and " + (count - 1) + " more", shown);
        }
    }
}
