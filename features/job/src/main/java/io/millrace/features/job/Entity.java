package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;

/** An entity of a group, decoded: its aggregates, and what its task has still to do for it. Mutable; used by its task's thread. */
final class Entity {
    /** Of it, of its key, and of its place among those in memory. */
    private static final int MEMORY = 144;

    private final AggregateGroup group;
    private final long key;
    private final EntityState state;
    /** Its values are not those that were published last. */
    private boolean isUnpublished;

    private boolean isPublishedAtEndOfHistory;

    Entity(AggregateGroup group, long key, EntityState state) {
        this.group = group;
        this.key = key;
        this.state = state;
    }

    AggregateGroup group() {
        return group;
    }

    long key() {
        return key;
    }

    EntityState state() {
        return state;
    }

    boolean isUnpublished() {
        return isUnpublished;
    }

    void unpublished(boolean isSo) {
        isUnpublished = isSo;
    }

    /** Whether this is the first time that it is asked: a timer has to be set. */
    boolean publishAtEndOfHistory() {
        boolean isFirst = !isPublishedAtEndOfHistory;
        isPublishedAtEndOfHistory = true;
        return isFirst;
    }

    /** About how much memory it takes, in bytes. */
    int memory() {
        return MEMORY + state.memory();
    }

    /** The key of its records in {@code feature-values}. */
    String recordKey() {
        return group.text() + "/" + EntityValues.key(key);
    }
}
