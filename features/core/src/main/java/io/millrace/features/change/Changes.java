package io.millrace.features.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Differences found so far. */
final class Changes {
    private final List<SpecChange> found = new ArrayList<>();

    void add(String path, @Nullable String before, @Nullable String after, Effect effect, String reason) {
        found.add(new SpecChange(path, before, after, effect, reason));
    }

    /** Adds one if two values differ, of which either may be absent. */
    <T> void compare(
            String path,
            @Nullable T before,
            @Nullable T after,
            Function<T, String> text,
            Effect effect,
            String reason) {
        if (!Objects.equals(before, after)) {
            add(
                    path,
                    before == null ? null : text.apply(before),
                    after == null ? null : text.apply(after),
                    effect,
                    reason);
        }
    }

    List<SpecChange> found() {
        return found;
    }
}
