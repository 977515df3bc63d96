package io.millrace.trainer.audit;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.function.LongConsumer;

/**
 * A number for each of very many texts, by a 128-bit hash of the text (XXH3): that two of n texts share one has a probability of
 * n²/2^129. Open addressing with linear probing, in 256 tables that grow by a quarter, each when it is three quarters full: 24
 * bytes a slot, 32 to 40 bytes a text, 320 to 400 MB for ten million, and never a second copy of more than a 256th of it.
 */
final class KeyTable {
    private static final int TABLES = 256;
    private static final int STRIDE = 3;
    private static final int FIRST_CAPACITY = 16;

    private final HashStream128 hash = Hashing.xxh3_128().hashStream();
    private final long[][] tables = new long[TABLES][STRIDE * FIRST_CAPACITY];
    private final int[] sizes = new int[TABLES];
    private long[] table = tables[0];
    private int at;
    private long high;
    private long low;
    private long size;

    /** Looks for a text and a number that belongs to it; the other methods speak of the last that was looked for. */
    boolean find(String text, int number) {
        HashValue128 value = hash.reset().putString(text).putInt(number).get();
        high = value.getMostSignificantBits();
        low = value.getLeastSignificantBits();
        if (high == 0 && low == 0) {
            low = 1;
        }
        table = tables[number()];
        at = place(table, high, low);
        return table[at] != 0 || table[at + 1] != 0;
    }

    long value() {
        return table[at + 2];
    }

    /** Sets the number of the text, which may be new. */
    void put(long value) {
        if (table[at] == 0 && table[at + 1] == 0) {
            size++;
            if (++sizes[number()] * 4L > table.length / STRIDE * 3L) {
                grow();
            }
            table[at] = high;
            table[at + 1] = low;
        }
        table[at + 2] = value;
    }

    long size() {
        return size;
    }

    /** Bytes that it takes. */
    long bytes() {
        long bytes = 0;
        for (long[] each : tables) {
            bytes += (long) each.length * Long.BYTES;
        }
        return bytes;
    }

    void forEach(LongConsumer action) {
        for (long[] each : tables) {
            for (int i = 0; i < each.length; i += STRIDE) {
                if (each[i] != 0 || each[i + 1] != 0) {
                    action.accept(each[i + 2]);
                }
            }
        }
    }

    private int number() {
        return (int) (high >>> 56);
    }

    private void grow() {
        int capacity = table.length / STRIDE;
        long[] larger = new long[Math.multiplyExact(capacity + Math.max(1, capacity / 4), STRIDE)];
        for (int i = 0; i < table.length; i += STRIDE) {
            if (table[i] != 0 || table[i + 1] != 0) {
                System.arraycopy(table, i, larger, place(larger, table[i], table[i + 1]), STRIDE);
            }
        }
        tables[number()] = larger;
        table = larger;
        at = place(larger, high, low);
    }

    private static int place(long[] table, long high, long low) {
        int capacity = table.length / STRIDE;
        int slot = (int) ((low >>> 32) * capacity >>> 32);
        while (true) {
            int at = slot * STRIDE;
            boolean empty = table[at] == 0 && table[at + 1] == 0;
            if (empty || table[at] == high && table[at + 1] == low) {
                return at;
            }
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
    }
}
