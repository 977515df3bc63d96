package io.millrace.features.encode;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * The 64-bit hashes that stand for categorical values.
 *
 * <p>{@code hash(field, value)} is XXH3-64 of the value's UTF-8 bytes, seeded with XXH3-64 (seed 0) of the field's UTF-8
 * bytes; in Python, {@code xxh3_64_intdigest(value, seed=xxh3_64_intdigest(field))}. With n values of a field the
 * probability of any collision is about n²/2^65.
 */
public final class FeatureHash {
    private final Hasher64 hasher;

    private FeatureHash(long seed) {
        this.hasher = Hashing.xxh3_64(seed);
    }

    /** The hash function of one field. */
    public static FeatureHash of(String field) {
        return new FeatureHash(Hashing.xxh3_64().hashBytesToLong(field.getBytes(StandardCharsets.UTF_8)));
    }

    public long hash(String value) {
        return hasher.hashBytesToLong(value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The hash of a combination, from the hash of what stands before and the next part's: {@code mix(before * K + next)}
     * with K = 0x9E3779B97F4A7C15 and {@code mix} the 64-bit finalizer of MurmurHash3. The order of the parts counts.
     */
    public static long combine(long before, long next) {
        long h = before * 0x9E3779B97F4A7C15L + next;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
