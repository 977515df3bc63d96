package io.millrace.features.aggregate;

import org.jspecify.annotations.Nullable;

/** Where the values of entities are found. */
public interface EntitySource {
    /** Of which nothing is known. */
    EntitySource NONE = (group, entity) -> null;

    /**
     * @param group which of the pipeline's groups
     * @return none where nothing is known
     */
    @Nullable
    EntityValues find(int group, long entity);

    /** The offset in {@code feature-values} before which it knows all, and from which on nothing; {@code -1} where it knows none. */
    default long position() {
        return -1;
    }
}
