package io.millrace.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * One feature vector, unpacked: flat arrays that are filled again and again without allocating.
 *
 * <p>Positions are appended in the order of the {@link FeatureSet}; a position passed over is missing. Elements of
 * position {@code i} lie at {@code from(i) .. to(i)}; {@link #hash} is 0 where the kind has no hashes, {@link #value} is 1
 * where it has no values. All of these hold for present positions only.
 *
 * <p><b>Packed form.</b> Each of the two sections (shared, candidate) is packed alone, and a whole vector is their
 * concatenation, so that a decision logs the shared section once and the join makes an example by appending bytes. A
 * section is a bitmap of the present positions, least significant bit first, then for each present position, in order,
 * little-endian: numeric {@code float}; categorical {@code long}; the others a varint count and then, per element, a
 * {@code long} hash (set, sequence), a hash and a {@code float} weight (weighted set), or a {@code float} (embedding).
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class FeatureVector {
    /** The most elements a position may have. */
    public static final int MAX_ELEMENTS = 65_535;

    private static final int NOWHERE = -1;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private final FeatureSet set;
    private final FeatureKind[] kinds;
    private final int[] from;
    private final boolean[] present;

    /** Of a position with which a run of categorical ones begins within its section, how many these are; else 0. */
    private final int[] runs;

    /** How many positions before each may have more than one element. */
    private final int[] multiples;

    /** Of a position with which a run begins, at which element the last unpacked vector's was, if it was complete; else -1. */
    private final int[] runAt;

    /** Whether the arrays are as the last {@link #unpack} left them: then a run at the same place differs in its hashes only. */
    private boolean unpacked;

    private long[] hashes = new long[64];
    private float[] values = new float[64];
    private int positions;

    public FeatureVector(FeatureSet set) {
        this.set = set;
        this.kinds = set.features().stream().map(Feature::kind).toArray(FeatureKind[]::new);
        this.from = new int[kinds.length + 1];
        this.present = new boolean[kinds.length];
        this.runs = runs(kinds, set.shared());
        this.runAt = new int[kinds.length];
        this.multiples = new int[kinds.length + 1];
        for (int i = 0; i < kinds.length; i++) {
            multiples[i + 1] = multiples[i] + (kinds[i].isSingle() ? 0 : 1);
        }
    }

    private static int[] runs(FeatureKind[] kinds, int shared) {
        int[] runs = new int[kinds.length];
        int first = 0;
        for (int i = 0; i < kinds.length; i++) {
            if (i == 0 || i == shared || kinds[i - 1] != FeatureKind.CATEGORICAL) {
                first = i;
            }
            if (kinds[i] == FeatureKind.CATEGORICAL) {
                runs[first]++;
            }
        }
        return runs;
    }

    public FeatureSet set() {
        return set;
    }

    public FeatureKind kind(int position) {
        return kinds[position];
    }

    /** Whether the position has a value. A present set may be empty; a missing one was not told. */
    public boolean isPresent(int position) {
        return position < positions && present[position];
    }

    /** Whether none of the positions {@code first} to {@code last} can have more than one element. */
    public boolean areSingle(int first, int last) {
        return multiples[first] == multiples[last];
    }

    public int from(int position) {
        return from[position];
    }

    public int to(int position) {
        return from[position + 1];
    }

    public long hash(int element) {
        return hashes[element];
    }

    public float value(int element) {
        return values[element];
    }

    /** How many positions, from the first, were filled or passed over. */
    public int positions() {
        return positions;
    }

    /** The elements' hashes, position after position; to be read only. */
    public long[] hashes() {
        return hashes;
    }

    /** The elements' values, likewise. */
    public float[] values() {
        return values;
    }

    /** Empties the vector. */
    public FeatureVector clear() {
        positions = 0;
        return this;
    }

    /** Empties the candidate's section and keeps the shared one, whose unfilled positions become missing. */
    public FeatureVector clearCandidate() {
        if (positions < set.shared()) {
            skipTo(set.shared());
        }
        positions = set.shared();
        return this;
    }

    /**
     * @throws IllegalArgumentException if the position is of another kind or the value not finite; this and the methods
     *     below leave the vector as it was when they throw
     */
    public FeatureVector numeric(int position, float value) {
        check(position, FeatureKind.NUMERIC, 1);
        finite(position, value);
        begin(position);
        append(0, value);
        return this;
    }

    public FeatureVector categorical(int position, long hash) {
        check(position, FeatureKind.CATEGORICAL, 1);
        begin(position);
        append(hash, 1);
        return this;
    }

    /** A set or a sequence; the elements of a set must be distinct. */
    public FeatureVector hashes(int position, long... elements) {
        check(
                position,
                kinds[position] == FeatureKind.SEQUENCE ? FeatureKind.SEQUENCE : FeatureKind.CATEGORICAL_SET,
                elements.length);
        begin(position);
        for (long element : elements) {
            append(element, 1);
        }
        return this;
    }

    /** The elements must be distinct. */
    public FeatureVector weightedSet(int position, long[] elements, float[] weights) {
        check(position, FeatureKind.WEIGHTED_SET, elements.length);
        if (elements.length != weights.length) {
            throw new IllegalArgumentException(
                    name(position) + ": " + weights.length + " weights (expected: " + elements.length + ")");
        }
        for (float weight : weights) {
            finite(position, weight);
        }
        begin(position);
        for (int i = 0; i < elements.length; i++) {
            append(elements[i], weights[i]);
        }
        return this;
    }

    public FeatureVector embedding(int position, float... elements) {
        check(position, FeatureKind.EMBEDDING, elements.length);
        for (float element : elements) {
            finite(position, element);
        }
        begin(position);
        for (float element : elements) {
            append(0, element);
        }
        return this;
    }

    /** The shared section, packed; what was not filled of it is missing from now on. */
    public byte[] packShared() {
        return pack(0, set.shared());
    }

    /** The candidate's section, packed; what was not filled up to its end is missing from now on. */
    public byte[] packCandidate() {
        return pack(set.shared(), kinds.length);
    }

    /** The whole vector, packed. */
    public byte[] pack() {
        byte[] first = packShared();
        byte[] second = packCandidate();
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    /**
     * Replaces the content by a whole packed vector, which must fill the rest of the buffer, whatever the buffer's byte
     * order; its position moves to the end.
     *
     * @throws MalformedVectorException if the bytes are no vector of this set; the vector is then empty
     */
    public FeatureVector unpack(ByteBuffer packed) {
        if (packed.hasArray()) {
            unpack(packed.array(), packed.arrayOffset() + packed.position(), packed.remaining());
        } else {
            byte[] copy = new byte[packed.remaining()];
            packed.duplicate().get(copy);
            unpack(copy);
        }
        packed.position(packed.limit());
        return this;
    }

    public FeatureVector unpack(byte[] packed) {
        return unpack(packed, 0, packed.length);
    }

    /** The same from {@code length} bytes of an array. */
    public FeatureVector unpack(byte[] packed, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, packed.length);
        clear();
        if (!unpacked) {
            Arrays.fill(runAt, NOWHERE);
        }
        unpacked = false;
        int end = offset + length;
        int middle = unpackSection(packed, offset, end, 0, set.shared());
        int next = unpackSection(packed, middle, end, set.shared(), kinds.length);
        if (next < end) {
            throw new MalformedVectorException("feature vector: " + (end - next) + " bytes left over (expected: "
                    + set.size() + " features of " + set.name() + "@" + Long.toHexString(set.version()) + ")");
        }
        positions = kinds.length;
        unpacked = true;
        return this;
    }

    /**
     * Replaces the content by that of another vector that is filled to its end.
     *
     * @param runs of each run of positions to take over, in the order of this vector: where it begins here, where there, and its
     *     length; all other positions are missing
     */
    void copy(FeatureVector other, int[] runs) {
        clear();
        for (int run = 0; run < runs.length; run += 3) {
            int to = runs[run];
            int first = runs[run + 1];
            int count = runs[run + 2];
            skipTo(to);
            int element = from[to];
            int start = other.from[first];
            int elements = other.from[first + count] - start;
            reserve(element + elements - 1);
            System.arraycopy(other.hashes, start, hashes, element, elements);
            System.arraycopy(other.values, start, values, element, elements);
            System.arraycopy(other.present, first, present, to, count);
            for (int i = 1; i <= count; i++) {
                from[to + i] = other.from[first + i] - start + element;
            }
            positions = to + count;
        }
        skipTo(kinds.length);
        unpacked = false;
    }

    private void begin(int position) {
        unpacked = false;
        skipTo(position);
        present[position] = true;
        from[position + 1] = from[position];
        positions = position + 1;
    }

    private void skipTo(int position) {
        for (; positions < position; positions++) {
            unpacked = false;
            present[positions] = false;
            from[positions + 1] = from[positions];
        }
    }

    private void append(long hash, float value) {
        int end = from[positions];
        reserve(end);
        hashes[end] = hash;
        values[end] = value;
        from[positions] = end + 1;
    }

    private void reserve(int element) {
        if (element >= hashes.length) {
            hashes = Arrays.copyOf(hashes, element * 2);
            values = Arrays.copyOf(values, element * 2);
        }
    }

    private byte[] pack(int first, int last) {
        skipTo(last);
        int bitmap = (last - first + 7) / 8;
        int size = bitmap;
        for (int i = first; i < last; i++) {
            if (present[i]) {
                int elements = to(i) - from(i);
                size += elements * ((kinds[i].hasHashes() ? Long.BYTES : 0) + (kinds[i].hasValues() ? Float.BYTES : 0))
                        + (kinds[i].isSingle() ? 0 : varintSize(elements));
            }
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.position(bitmap);
        for (int i = first; i < last; i++) {
            if (present[i]) {
                int bit = i - first;
                out.put(bit / 8, (byte) (out.get(bit / 8) | 1 << bit % 8));
                packPosition(out, i);
            }
        }
        return out.array();
    }

    private void packPosition(ByteBuffer out, int position) {
        FeatureKind kind = kinds[position];
        if (!kind.isSingle()) {
            putVarint(out, to(position) - from(position));
        }
        for (int e = from(position); e < to(position); e++) {
            if (kind.hasHashes()) {
                out.putLong(hashes[e]);
            }
            if (kind.hasValues()) {
                out.putFloat(values[e]);
            }
        }
    }

    /** Fills positions {@code first} to {@code last}; returns where the next section begins. */
    private int unpackSection(byte[] in, int start, int end, int first, int last) {
        int bitmap = (last - first + 7) / 8;
        if (end - start < bitmap) {
            throw new MalformedVectorException(
                    "feature vector: ends within the bitmap (expected: " + bitmap + " bytes)");
        }
        int at = start + bitmap;
        int element = from[first];
        for (int i = first; i < last; i++) {
            int bit = i - first;
            int run = runs[i];
            if (run > 0 && end - at >= run * Long.BYTES && areSet(in, start, bit, bit + run)) {
                unpackRun(in, at, i, run);
                element += run;
                at += run * Long.BYTES;
                i += run - 1;
                continue;
            }
            runAt[i] = NOWHERE;
            byte told = in[start + (bit >>> 3)];
            present[i] = (told >>> (bit & 7) & 1) == 1;
            if (present[i] && kinds[i] == FeatureKind.CATEGORICAL && end - at >= Long.BYTES) {
                reserve(element);
                hashes[element] = (long) LONG.get(in, at);
                values[element++] = 1;
                at += Long.BYTES;
            } else if (present[i]) {
                from[i] = element;
                at = unpackPosition(in, at, end, i);
                element = from[i + 1];
            }
            from[i + 1] = element;
        }
        int used = (last - first) % 8;
        if (used != 0 && (in[start + bitmap - 1] & 0xff) >>> used != 0) {
            throw new MalformedVectorException("feature vector: bits set beyond the last of " + (last - first)
                    + " features (expected: a vector of " + set.name() + ")");
        }
        return at;
    }

    private static boolean areSet(byte[] bitmap, int start, int first, int last) {
        int missing = 0;
        for (int i = first >>> 3; i <= last - 1 >>> 3; i++) {
            int wanted = 0xff;
            if (i == first >>> 3) {
                wanted &= 0xff << (first & 7);
            }
            if (i == last - 1 >>> 3) {
                wanted &= 0xff >>> (-last & 7);
            }
            missing |= ~bitmap[start + i] & wanted;
        }
        return missing == 0;
    }

    private void unpackRun(byte[] in, int at, int position, int count) {
        int element = from[position];
        reserve(element + count - 1);
        long[] hashes = this.hashes;
        for (int i = 0; i < count; i++) {
            hashes[element + i] = (long) LONG.get(in, at + i * Long.BYTES);
        }
        if (runAt[position] == element) {
            return;
        }
        runAt[position] = element;
        Arrays.fill(values, element, element + count, 1);
        Arrays.fill(present, position, position + count, true);
        int[] from = this.from;
        for (int i = 1; i <= count; i++) {
            from[position + i] = element + i;
        }
    }

    private int unpackPosition(byte[] in, int start, int end, int position) {
        FeatureKind kind = kinds[position];
        int count = kind.isSingle() ? 1 : varint(in, start, end, position);
        int at = kind.isSingle() ? start : start + varintSize(count);
        int width = (kind.hasHashes() ? Long.BYTES : 0) + (kind.hasValues() ? Float.BYTES : 0);
        if (end - at < count * width) {
            throw new MalformedVectorException(name(position) + ": ends after " + (end - at) + " bytes (expected: "
                    + count + " elements of " + width + " bytes)");
        }
        int element = from[position];
        for (int stop = element + count; element < stop; element++) {
            reserve(element);
            hashes[element] = kind.hasHashes() ? (long) LONG.get(in, at) : 0;
            at += kind.hasHashes() ? Long.BYTES : 0;
            float value = kind.hasValues() ? (float) FLOAT.get(in, at) : 1;
            at += kind.hasValues() ? Float.BYTES : 0;
            if (!Float.isFinite(value)) {
                throw new MalformedVectorException(name(position) + ": " + value + " (expected: a finite number)");
            }
            values[element] = value;
        }
        from[position + 1] = element;
        return at;
    }

    /** The number that begins there: of as few bytes as it needs. */
    private int varint(byte[] in, int start, int end, int position) {
        int value = 0;
        for (int i = 0; i < 3 && start + i < end; i++) {
            byte next = in[start + i];
            value |= (next & 0x7f) << 7 * i;
            if (next >= 0) {
                if (value <= MAX_ELEMENTS && (next != 0 || i == 0)) {
                    return value;
                }
                break;
            }
        }
        throw new MalformedVectorException(
                name(position) + ": no element count (expected: a varint of at most " + MAX_ELEMENTS + ")");
    }

    private static void putVarint(ByteBuffer out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static int varintSize(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 3;
    }

    private void check(int position, FeatureKind given, int elements) {
        if (position < positions) {
            throw new IllegalStateException(
                    name(position) + ": out of order (expected: position " + positions + " on)");
        }
        if (kinds[position] != given) {
            throw new IllegalArgumentException(
                    name(position) + ": " + given.text() + " (expected: " + kinds[position].text() + ")");
        }
        if (elements > MAX_ELEMENTS) {
            throw new IllegalArgumentException(
                    name(position) + ": " + elements + " elements (expected: at most " + MAX_ELEMENTS + ")");
        }
    }

    private void finite(int position, float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(name(position) + ": " + value + " (expected: a finite number)");
        }
    }

    private String name(int position) {
        return "feature " + set.features().get(position).name();
    }
}
