package io.millrace.local.demo;

import java.util.SplittableRandom;

/** Random numbers that are functions of what they are for, not of how many were drawn before. */
final class Draw {
    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private Draw() {}

    /** A well-mixed 64-bit hash of the keys and their order: the finalizer of SplitMix64 after each. */
    static long mix(long... keys) {
        long h = 0;
        for (long key : keys) {
            h = (h + key) * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
            h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
            h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
            h ^= h >>> 31;
        }
        return h;
    }

    /** Uniform in [0, 1). */
    static double uniform(long... keys) {
        return (mix(keys) >>> 11) * TWO_TO_MINUS_53;
    }

    /** Standard normal (Box and Muller 1958). */
    static double normal(long... keys) {
        long hash = mix(keys);
        double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform(hash, 1)));
        return radius * StrictMath.cos(2 * Math.PI * uniform(hash, 2));
    }

    static SplittableRandom random(long... keys) {
        return new SplittableRandom(mix(keys));
    }
}
