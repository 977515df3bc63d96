package io.millrace.serving.feature;

/** What happens to a store, told on the thread that puts. */
interface FeatureStoreEvents {
    /**
     * Entities were forgotten, since there was no room.
     *
     * @param by what they are by
     * @param count how many
     * @param left how many by the same are left
     */
    void evicted(String by, long count, long left);

    /** A newer position is shown. */
    void reached(FeatureStore store);
}
