package io.millrace.serving.feature;

import io.millrace.features.aggregate.EntityValues;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * From one position of the topic to the next: what entities were at its beginning that have been replaced in its course.
 *
 * <p>Generations are a chain in one direction, from the older to the newer, so that the garbage collector frees those that are older than
 * every view. One thread writes; it notes a value here before it replaces it, so that a reader who looks at the values first and
 * here afterwards misses none.
 */
final class Generation {
    private record Key(int group, long entity) {}

    private final long position;
    private final Map<Key, Optional<EntityValues>> replaced = new ConcurrentHashMap<>(0);
    private volatile @Nullable Generation next;

    Generation(long position) {
        this.position = position;
    }

    /** What everything before has been put; nothing from it on. */
    long position() {
        return position;
    }

    void replaces(int group, long entity, @Nullable EntityValues before) {
        replaced.putIfAbsent(new Key(group, entity), Optional.ofNullable(before));
    }

    Generation next(long nextPosition) {
        Generation following = new Generation(nextPosition);
        next = following;
        return following;
    }

    /**
     * What an entity was when this generation began.
     *
     * @param found what it was, at any time since, before this is called
     */
    @Nullable
    EntityValues atBeginning(int group, long entity, @Nullable EntityValues found) {
        @Nullable Generation following;
        for (Generation one = this; one != null; one = following) {
            // Before what was replaced is looked at: a generation that has a next one changes no more.
            following = one.next;
            if (!one.replaced.isEmpty()) {
                @Nullable Optional<EntityValues> before = one.replaced.get(new Key(group, entity));
                if (before != null) {
                    return before.orElse(null);
                }
            }
        }
        return found;
    }
}
