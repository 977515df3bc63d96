package io.millrace.trainer.score;

import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.IdSpec;
import io.millrace.features.spec.PipelineSpec;

/**
 * Finds the rows of ids: between the indexer, which tells the ids of a vector's elements, and a scorer or learner, which works
 * with rows. Where ids are hashed there is nothing to find.
 *
 * <p>The rows of features are a hash table with linear probing (Knuth, The Art of Computer Programming, volume 3, section 6.4,
 * algorithm L), of a power of two of slots; the constant has a row of its own before it. An id whose occurrence is not yet the
 * {@code admit}-th has no weight: its elements are taken out of the vector. An id that would get its row with this
 * occurrence is scored with the row that is always zero, as its own will be at first.
 *
 * <p>Not thread-safe: one a thread. It keeps nothing between calls but scratch memory.
 */
public final class RowFinder {
    /** In place of a row: there is no such id, and no slot for it either. */
    static final int FULL = Integer.MIN_VALUE;

    private final boolean exact;
    private final int admit;
    private final long seed;
    private final int first;
    private final int constant;
    private final int nothing;
    private final int key;
    private long[] hashes = new long[64];
    private float[] homes = new float[64];
    private int[] found = new int[64];

    public RowFinder(PipelineSpec spec, Layout layout) {
        IdSpec ids = spec.model().ids();
        this.exact = ids.exact();
        this.admit = ids.admit();
        this.seed = spec.model().seed();
        this.first = layout.firstFeature();
        this.constant = layout.constant();
        this.nothing = layout.nothing();
        this.key = layout.served();
    }

    /**
     * Puts every element at the row of its id, and takes those out that have no weight.
     *
     * @param rows of the weights' table
     */
    public void place(Weights weights, int rows, SparseVector x) {
        if (!exact) {
            return;
        }
        find(weights, rows, x);
        int kept = 0;
        for (int i = 0; i < x.size(); i++) {
            int row = found[i];
            if (row < 0 ? admit == 1 : isAdmitted(weights, row)) {
                x.move(i, kept++, row < 0 ? nothing : row);
            }
        }
        x.shorten(kept);
    }

    /**
     * The row of one id.
     *
     * @param hashed the row that the indexer gives it
     * @return a row of zeros where the id has no weight
     */
    public int row(Weights weights, int rows, long id, int hashed) {
        if (!exact) {
            return hashed;
        }
        long hash = RowKey.hash(seed, id);
        int bits = bits(rows);
        int row = probe(weights, bits, hash, weights.weight(first + RowKey.home(hash, bits), key));
        return row < 0 ? nothing : row;
    }

    /** Looks all ids up; {@link #found} and {@link #hash} tell the outcome until the next call. */
    public void find(Weights weights, int rows, SparseVector x) {
        int size = x.size();
        if (size > found.length) {
            hashes = new long[size * 2];
            homes = new float[size * 2];
            found = new int[size * 2];
        }
        int bits = bits(rows);
        // Memory answers these reads all at once; were each followed by its comparisons, it would be one by one.
        for (int i = 0; i < size; i++) {
            long hash = RowKey.hash(seed, x.id(i));
            hashes[i] = hash;
            homes[i] = weights.weight(first + RowKey.home(hash, bits), key);
        }
        for (int i = 0; i < size; i++) {
            found[i] = x.id(i) == Indexer.CONSTANT ? constant : probe(weights, bits, hashes[i], homes[i]);
        }
    }

    /** The row of an element's id; negative if there is none. */
    public int found(int element) {
        return found[element];
    }

    /** What stands for an element's id in its {@link RowKey}. */
    public long hash(int element) {
        return hashes[element];
    }

    /** Whether an occurrence of the row's id has a weight now. */
    public boolean isAdmitted(Weights weights, int row) {
        return admit == 1 || row == constant || RowKey.count(weights.weight(row, key + 2)) >= admit - 1;
    }

    /** The row of a hash or the complement of the empty slot's row at which it belongs, or {@link #FULL}. */
    public int probe(Weights weights, int rows, long hash) {
        int bits = bits(rows);
        return probe(weights, bits, hash, weights.weight(first + RowKey.home(hash, bits), key));
    }

    private int probe(Weights weights, int bits, long hash, float atHome) {
        int mask = (1 << bits) - 1;
        int slot = RowKey.home(hash, bits);
        float high = RowKey.high(hash);
        float there = atHome;
        for (int probed = 0; probed <= mask; probed++) {
            int row = first + slot;
            if (there == 0) {
                return ~row;
            }
            if (there == high
                    && weights.weight(row, key + 1) == RowKey.middle(hash)
                    && RowKey.isLow(weights.weight(row, key + 2), hash)) {
                return row;
            }
            slot = slot + 1 & mask;
            there = weights.weight(first + slot, key);
        }
        return FULL;
    }

    private int bits(int rows) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows - first);
    }
}
