package io.millrace.features.change;

import org.jspecify.annotations.Nullable;

/**
 * One difference between two specs.
 *
 * @param path where it stands in the file: {@code model.alpha}
 * @param before what the old spec says, as one would write it; null where it says nothing
 * @param after what the new one says, likewise
 * @param reason why it has that effect, in one sentence
 */
public record SpecChange(
        String path, @Nullable String before, @Nullable String after, Effect effect, String reason) {}
