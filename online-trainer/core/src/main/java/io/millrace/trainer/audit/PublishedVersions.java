package io.millrace.trainer.audit;

import io.millrace.trainer.snapshot.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was published of one shard of one lineage: every version that a delta, a manifest or a file names. 40 bytes each, so
 * that those of a week, ten a second, fit in 250 MB. Filled first, then sorted, then read.
 */
public final class PublishedVersions {
    /** Where a version stands. */
    enum Source {
        DELTA,
        MANIFEST,
        FILE
    }

    private static final int STRIDE = 5;
    private static final int FROM = 1;
    private static final int DIGEST = 2;
    private static final int EXAMPLES = 3;
    private static final int PLACE = 4;
    private static final int SOURCE_SHIFT = 62;
    private static final int PARTITION_SHIFT = 48;
    private static final int PARTITION_MASK = (1 << SOURCE_SHIFT - PARTITION_SHIFT) - 1;
    private static final long OFFSET_MASK = (1L << PARTITION_SHIFT) - 1;
    private static final long UNKNOWN = -1;

    private final List<String> files = new ArrayList<>();
    private long[] rows = new long[STRIDE * 64];
    private int size;
    private long last = -1;

    /**
     * @param partition of the topic where the delta stands
     * @param offset there
     * @throws IllegalArgumentException if the digest is none, or the delta leads nowhere
     */
    public void addDelta(long from, long to, String digest, long examples, int partition, long offset) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "from, to: " + from + ", " + to + " (expected: from at least 0, and to above it)");
        }
        add(from, to, digest, examples, place(Source.DELTA, partition, offset));
    }

    /**
     * @param partition of the topic where the manifest stands
     * @param place there
     * @throws IllegalArgumentException if the digest is none
     */
    public void addBase(long offset, String digest, int partition, long place) {
        add(offset, offset, digest, UNKNOWN, place(Source.MANIFEST, partition, place));
    }

    /** @throws IllegalArgumentException if the digest is none */
    public void addFile(long offset, String digest, long examples, String name) {
        add(offset, offset, digest, examples, place(Source.FILE, 0, files.size()));
        files.add(name);
    }

    private void add(long from, long to, String digest, long examples, long place) {
        long bits = Digest.parse(digest);
        if (STRIDE * (size + 1) > rows.length) {
            rows = Arrays.copyOf(rows, Math.multiplyExact(rows.length, 2));
        }
        int at = STRIDE * size++;
        last = Math.max(last, to);
        rows[at] = to;
        rows[at + FROM] = from;
        rows[at + DIGEST] = bits;
        rows[at + EXAMPLES] = examples;
        rows[at + PLACE] = place;
    }

    private static long place(Source source, int partition, long offset) {
        return (long) source.ordinal() << SOURCE_SHIFT
                | (long) (partition & PARTITION_MASK) << PARTITION_SHIFT
                | offset & OFFSET_MASK;
    }

    /** How many publications there are; several may be of one version. */
    public int size() {
        return size;
    }

    /** The highest offset of all; -1 if there is none. */
    public long last() {
        return last;
    }

    /** Offset of the i-th version. */
    long at(int i) {
        return rows[STRIDE * i];
    }

    /** From which version on it applies. */
    long from(int i) {
        return rows[STRIDE * i + FROM];
    }

    long digest(int i) {
        return rows[STRIDE * i + DIGEST];
    }

    /** Whether it says how many examples were learned. */
    boolean hasExamples(int i) {
        return rows[STRIDE * i + EXAMPLES] != UNKNOWN;
    }

    long examples(int i) {
        return rows[STRIDE * i + EXAMPLES];
    }

    Source source(int i) {
        return Source.values()[(int) (rows[STRIDE * i + PLACE] >>> SOURCE_SHIFT)];
    }

    /** Where it stands, for people. */
    String place(int i) {
        long place = rows[STRIDE * i + PLACE];
        long offset = place & OFFSET_MASK;
        long partition = place >>> PARTITION_SHIFT & PARTITION_MASK;
        return switch (source(i)) {
            case DELTA -> "delta at offset " + offset + " of model-updates-" + partition;
            case MANIFEST -> "base in the manifest at offset " + offset + " of model-manifests-" + partition;
            case FILE -> "file " + files.get((int) offset);
        };
    }

    /** Sorts by version, and what is of one version by where it stands: by heapsort, unless it is sorted already. */
    void sort() {
        if (isSorted()) {
            return;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, size);
        }
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            sink(0, end);
        }
    }

    private boolean isSorted() {
        for (int i = 1; i < size; i++) {
            if (compare(i - 1, i) > 0) {
                return false;
            }
        }
        return true;
    }

    private void sink(int from, int end) {
        int at = from;
        while (2 * at + 1 < end) {
            int child = 2 * at + 1;
            if (child + 1 < end && compare(child + 1, child) > 0) {
                child++;
            }
            if (compare(at, child) >= 0) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private int compare(int i, int j) {
        int byVersion = Long.compare(at(i), at(j));
        return byVersion != 0 ? byVersion : Long.compareUnsigned(rows[STRIDE * i + PLACE], rows[STRIDE * j + PLACE]);
    }

    private void swap(int i, int j) {
        for (int k = 0; k < STRIDE; k++) {
            long kept = rows[STRIDE * i + k];
            rows[STRIDE * i + k] = rows[STRIDE * j + k];
            rows[STRIDE * j + k] = kept;
        }
    }
}
