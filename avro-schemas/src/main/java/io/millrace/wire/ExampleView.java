package io.millrace.wire;

import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * What learning needs of an {@link Example}, read where it lies: a learner sees more than a million a second, and most of a
 * record is what it does not look at. Nothing is copied or allocated; a view holds as long as the bytes that it was given do
 * not change. Not thread-safe.
 */
public final class ExampleView {
    private static final VarHandle SHORT = littleEndian(short[].class);
    private static final VarHandle LONG = littleEndian(long[].class);
    private static final VarHandle DOUBLE = littleEndian(double[].class);
    private static final short MARKER = 0x01C3;
    private static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(Example.getClassSchema());
    private static final ExampleKind[] KINDS = ExampleKind.values();
    private static final long CONTINUES = 0x8080808080808080L;
    private static final int SHORT_INT_BYTES = 4;
    private static final byte[] NOTHING = new byte[0];

    private final Codec<Example> codec = Codec.of(Example.class);
    private @Nullable Example example;
    private byte[] bytes = NOTHING;
    private int from;
    private int end;

    /** Where the next byte is read; beyond the end once something did not fit. */
    private int at;

    private int idFrom;
    private int idLength;
    private int slot;
    private ExampleKind kind = ExampleKind.ORIGINAL;
    private long featureSetVersion;
    private byte[] features = NOTHING;
    private int featuresFrom;
    private int featuresLength;
    private double reward;
    private boolean replacing;
    private double replacedReward;
    private double weight;
    private long decisionTimeMicros;
    private long labelDelayMicros;

    /**
     * Reads a record in its single-object encoding.
     *
     * @return whether it is an {@link Example} of the schema that this process was built with; if not, the view holds nothing,
     *     and {@link Codec#decode} says whether it can be read in another way, or what is wrong. Of a record that can be read
     *     here, a codec makes the same.
     */
    public boolean read(byte[] bytes, int from, int length) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        this.example = null;
        this.bytes = bytes;
        this.from = from;
        this.end = from + length;
        this.at = from + Codec.HEADER_BYTES;
        return length >= Codec.HEADER_BYTES
                && (short) SHORT.get(bytes, from) == MARKER
                && (long) LONG.get(bytes, from + Short.BYTES) == FINGERPRINT
                && readFields();
    }

    /** Shows a decoded record. */
    public void show(Example example) {
        ByteBuffer vector = example.getFeatures();
        this.example = example;
        this.slot = example.getSlot();
        this.kind = example.getKind();
        this.featureSetVersion = example.getFeatureSetVersion();
        this.featuresLength = vector.remaining();
        if (vector.hasArray()) {
            this.features = vector.array();
            this.featuresFrom = vector.arrayOffset() + vector.position();
        } else {
            this.features = new byte[featuresLength];
            this.featuresFrom = 0;
            vector.duplicate().get(features);
        }
        this.reward = example.getReward();
        Double replaced = example.getReplacedReward();
        this.replacing = replaced != null;
        this.replacedReward = replaced == null ? 0 : replaced;
        this.weight = example.getWeight();
        this.decisionTimeMicros = example.getDecisionTimeMicros();
        this.labelDelayMicros = example.getLabelDelayMicros();
    }

    /** The record's bytes, copied. */
    public byte[] encoded() {
        return example == null ? Arrays.copyOfRange(bytes, from, end) : codec.encode(example);
    }

    /** The decision's id; made anew by every call. */
    public String decisionId() {
        return example == null ? new String(bytes, idFrom, idLength, StandardCharsets.UTF_8) : example.getDecisionId();
    }

    public int slot() {
        return slot;
    }

    public ExampleKind kind() {
        return kind;
    }

    public long featureSetVersion() {
        return featureSetVersion;
    }

    /** Holds the packed feature vector, {@link #featuresLength} bytes from {@link #featuresFrom} on; to be read only. */
    public byte[] features() {
        return features;
    }

    public int featuresFrom() {
        return featuresFrom;
    }

    public int featuresLength() {
        return featuresLength;
    }

    public double reward() {
        return reward;
    }

    /** Whether there is a {@link #replacedReward}. */
    public boolean isReplacing() {
        return replacing;
    }

    /** 0 where there is none. */
    public double replacedReward() {
        return replacedReward;
    }

    public double weight() {
        return weight;
    }

    public long decisionTimeMicros() {
        return decisionTimeMicros;
    }

    public long labelDelayMicros() {
        return labelDelayMicros;
    }

    /** The record's fields, in the order of its schema. */
    private boolean readFields() {
        long idBytes = varint();
        idFrom = at;
        skip(idBytes);
        idLength = (int) idBytes;
        slot = shortInt();
        int kindNumber = shortInt();
        skip(varint()); // featureSet
        featureSetVersion = varint();
        long length = varint();
        features = bytes;
        featuresFrom = at;
        skip(length);
        featuresLength = (int) length;
        reward = real();
        int branch = shortInt();
        replacing = branch == 1;
        replacedReward = replacing ? real() : 0;
        weight = real();
        real(); // propensity
        skip(varint()); // arm
        decisionTimeMicros = varint();
        labelDelayMicros = varint();
        skipVariants();
        if (at != end || kindNumber < 0 || kindNumber >= KINDS.length || branch < 0 || branch > 1) {
            return false;
        }
        kind = KINDS[kindNumber];
        return true;
    }

    private void skipVariants() {
        for (long count = varint(); count != 0; count = varint()) {
            if (count < 0) {
                fail();
            }
            for (long i = 0; i < count && at <= end; i++) {
                skip(varint());
                skip(varint());
            }
        }
    }

    /** Variable length, zigzag: the sign is the lowest bit. */
    private long varint() {
        int next = at;
        if (next < end && bytes[next] >= 0) {
            at = next + 1;
            return signed(bytes[next]);
        }
        return longVarint();
    }

    private long longVarint() {
        byte[] in = bytes;
        int next = at;
        long value = 0;
        int shift = 0;
        if (end - next >= Long.BYTES) {
            long eight = (long) LONG.get(in, next);
            long last = ~eight & CONTINUES;
            if (last != 0) {
                int bits = Long.numberOfTrailingZeros(last) + 1;
                at = next + (bits >>> 3);
                return signed(sevens(eight & -1L >>> Long.SIZE - bits));
            }
            value = sevens(eight);
            shift = 7 * Long.BYTES;
            next += Long.BYTES;
        }
        for (; shift < Long.SIZE && next < end; shift += 7) {
            byte part = in[next++];
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                at = next;
                return signed(value);
            }
        }
        fail();
        return 0;
    }

    /** The lower seven bits of eight bytes, side by side. */
    private static long sevens(long bytes) {
        long pairs = bytes & 0x007f007f007f007fL | (bytes & 0x7f007f007f007f00L) >>> 1;
        long fours = pairs & 0x00003fff00003fffL | (pairs & 0x3fff00003fff0000L) >>> 2;
        return fours & 0x0fffffffL | (fours & 0x0fffffff00000000L) >>> 4;
    }

    private static long signed(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    /** An int of few bytes: longer ones, of which some are none, are left to the codec. */
    private int shortInt() {
        int start = at;
        long value = varint();
        if (at - start > SHORT_INT_BYTES) {
            fail();
        }
        return (int) value;
    }

    private double real() {
        int start = at;
        skip(Double.BYTES);
        return at <= end ? (double) DOUBLE.get(bytes, start) : 0;
    }

    private void skip(long count) {
        if (count < 0 || count > end - at) {
            fail();
        } else {
            at += (int) count;
        }
    }

    private void fail() {
        at = end + 1;
    }

    private static VarHandle littleEndian(Class<?> arrayType) {
        return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
    }
}
