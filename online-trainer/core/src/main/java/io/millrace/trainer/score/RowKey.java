package io.millrace.trainer.score;

import io.millrace.features.encode.FeatureHash;
import java.util.List;

/**
 * What a row of a table of exact ids says about itself, in four floats behind the learner's: which id it belongs to and how
 * often that occurred, which a scorer needs, too, and when it occurred last.
 *
 * <p>A float here is a whole number n in disguise: the float whose bits are {@code 0x00800000 + n}. For n up to {@link #LARGEST}
 * it is finite, positive and not denormal, so that whatever copies floats or compares them copies and compares n, and a row of
 * zeros says nothing. (Numbers that a float holds as such end at 2^24.)
 *
 * <p>Ids are kept as {@code h = combine(seed, id)}, which is one to one: no two ids are ever taken for each other. Its upper 30
 * bits are in the first float, the next 30 in the second, the last 4 in the third above 20 bits of the count. The slot at which
 * a search for an id begins is its upper bits, and the first float alone tells it.
 */
public final class RowKey {
    /** Floats of a key that a scorer needs. */
    public static final int SERVED = 3;

    /** All floats of a key. */
    public static final List<String> COLUMNS = List.of("id_high", "id_middle", "id_low_and_count", "last_seen");

    /** The most that {@link #count} tells. */
    public static final int MOST = (1 << 20) - 1;

    /** The largest number that a float here holds. */
    public static final int LARGEST = 0x7e000000;

    private static final int BASE = 0x00800000;
    private static final int BITS = 30;
    private static final int MASK = (1 << BITS) - 1;
    private static final int COUNT_BITS = 20;

    private RowKey() {}

    /** Where a row's key begins, by the names of its columns: their number where it has none. */
    public static int column(List<String> columns) {
        int own = columns.size() - COLUMNS.size();
        return own >= 0 && columns.subList(own, columns.size()).equals(COLUMNS) ? own : columns.size();
    }

    public static long hash(long seed, long id) {
        return FeatureHash.combine(seed, id);
    }

    public static float high(long hash) {
        return pack((int) (hash >>> 34));
    }

    public static float middle(long hash) {
        return pack((int) (hash >>> 4) & MASK);
    }

    public static float low(long hash, int count) {
        return pack((int) (hash & 15) << COUNT_BITS | count);
    }

    /** The third float with another count. */
    public static float recounted(float low, int count) {
        return pack(unpack(low) & ~MOST | count);
    }

    public static int count(float low) {
        return unpack(low) & MOST;
    }

    static boolean isLow(float low, long hash) {
        return unpack(low) >>> COUNT_BITS == (hash & 15);
    }

    /** Where a search begins in a table of {@code 2^bits} slots. */
    public static int home(float high, int bits) {
        return unpack(high) >>> BITS - bits;
    }

    /** The same by the whole hash. */
    public static int home(long hash, int bits) {
        return (int) (hash >>> Long.SIZE - bits);
    }

    /** A whole number from 0 to {@link #LARGEST}, as a float. */
    public static float pack(int number) {
        return Float.intBitsToFloat(BASE + number);
    }

    /** The inverse; negative for 0, which is no such float. */
    public static int unpack(float packed) {
        return Float.floatToRawIntBits(packed) - BASE;
    }
}
