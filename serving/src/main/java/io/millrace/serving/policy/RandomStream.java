package io.millrace.serving.policy;

/**
 * The generator xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021),
 * seeded with a whole digest. Written out, because the JDK does not promise that its own stays the same.
 *
 * <p>Not thread-safe.
 */
final class RandomStream {
    private long s0;
    private long s1;
    private long s2;
    private long s3;

    RandomStream(long s0, long s1, long s2, long s3) {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    long nextLong() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Uniform in [0, 1), 53 bits. */
    double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, bound), exactly: draws that would favour low results are drawn again. */
    int nextInt(int bound) {
        long limit = (1L << 32) / bound * bound;
        long draw;
        do {
            draw = nextLong() >>> 32;
        } while (draw >= limit);
        return (int) (draw % bound);
    }
}
