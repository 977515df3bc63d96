package io.millrace.trainer.snapshot;

import io.millrace.features.encode.FeatureHash;
import io.millrace.wire.Problem;
import java.util.HexFormat;

/**
 * The digest of a table: the sum, modulo 2^64, of a mix of every row's number with the bits of its floats; 0 for a row of
 * zeros. A sum is kept up to date in the time that the changed rows take, in any order. It finds accidents, not forgeries.
 *
 * <p>A row's number and the pairs of its floats' bits are the coefficients of a polynomial modulo 2^64 (Horner's scheme, one
 * multiplication a pair), whose value is mixed once: the sum would not notice what rows exchange, the mix does.
 */
public final class Digest {
    private static final long POINT = 0x9E3779B97F4A7C15L;

    private Digest() {}

    /**
     * What one row adds.
     *
     * @param rows holds the row's floats
     * @param at where they begin
     * @param columns how many they are
     */
    public static long row(int row, float[] rows, int at, int columns) {
        long polynomial = row + 1L;
        long any = 0;
        int i = 0;
        for (; i + 1 < columns; i += 2) {
            long high = Float.floatToRawIntBits(rows[at + i]);
            long low = Float.floatToRawIntBits(rows[at + i + 1]) & 0xffffffffL;
            long bits = high << 32 | low;
            any |= bits;
            polynomial = polynomial * POINT + bits;
        }
        if (i < columns) {
            long bits = (long) Float.floatToRawIntBits(rows[at + i]) << 32;
            any |= bits;
            polynomial = polynomial * POINT + bits;
        }
        return any == 0 ? 0 : FeatureHash.combine(polynomial, columns);
    }

    /** 16 hex digits. */
    public static String text(long digest) {
        return HexFormat.of().toHexDigits(digest);
    }

    /** The inverse of {@link #text}. */
    public static long parse(String text) {
        try {
            if (text.length() == 16) {
                return HexFormat.fromHexDigitsToLong(text);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(new Problem("digest", text, "16 hex digits").toString(), e);
        }
        throw new IllegalArgumentException(new Problem("digest", text, "16 hex digits").toString());
    }
}
