package io.millrace.local.learn;

import io.millrace.features.encode.FeatureHash;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of one field's texts, of which the ones seen of late are remembered: a fixed number of places, each for the last
 * text that fell on it. Not thread-safe.
 */
final class HashCache {
    private static final int PLACES = 1 << 12;

    private final FeatureHash hash;
    private final @Nullable String[] texts = new String[PLACES];
    private final long[] hashes = new long[PLACES];

    HashCache(String field) {
        this.hash = FeatureHash.of(field);
    }

    long hash(String text) {
        int code = text.hashCode();
        int place = (code ^ code >>> 16) & PLACES - 1;
        if (!text.equals(texts[place])) {
            hashes[place] = hash.hash(text);
            texts[place] = text;
        }
        return hashes[place];
    }
}
