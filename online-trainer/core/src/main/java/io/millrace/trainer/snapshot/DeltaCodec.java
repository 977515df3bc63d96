package io.millrace.trainer.snapshot;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.record.Delta;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Deltas as they travel: rows as varint gaps (the first from -1, so that no gap is 0), values as little-endian floats, in
 * parts that each stay below a limit of bytes.
 */
public final class DeltaCodec {
    /** Bytes of indices and values in a part: below the broker's usual limit of a mebibyte, with room for the rest. */
    public static final int PART_BYTES = 900 * 1024;

    private static final int MAX_GAP_BYTES = 5;
    private static final long NO_CHECKSUM = 0;

    private DeltaCodec() {}

    public static List<Delta> encode(WeightDelta delta, long publishedMicros) {
        return encode(delta, publishedMicros, PART_BYTES);
    }

    /**
     * @param partBytes the most bytes of indices and values in a part
     * @return at least one part, even of an empty delta: it moves the version
     */
    public static List<Delta> encode(WeightDelta delta, long publishedMicros, int partBytes) {
        int perPart = partBytes / (delta.width() * Float.BYTES + MAX_GAP_BYTES);
        if (perPart < 1) {
            throw new IllegalArgumentException("partBytes: " + partBytes + " (expected: at least "
                    + (delta.width() * Float.BYTES + MAX_GAP_BYTES) + ")");
        }
        int count = delta.indices().length;
        int parts = Math.max(1, (count + perPart - 1) / perPart);
        List<Delta> out = new ArrayList<>(parts);
        for (int part = 0; part < parts; part++) {
            int first = part * perPart;
            int last = Math.min(count, first + perPart);
            Delta made = Delta.newBuilder()
                    .setModel(delta.model())
                    .setLineage(delta.lineage())
                    .setShard(delta.shard())
                    .setFrom(delta.from())
                    .setTo(delta.to())
                    .setPart(part)
                    .setParts(parts)
                    .setRows(delta.rows())
                    .setWidth(delta.width())
                    .setIndices(indices(delta.indices(), first, last))
                    .setValues(values(delta.values(), first * delta.width(), last * delta.width()))
                    .setDigest(delta.digest())
                    .setExamples(delta.examples())
                    .setPublishedMicros(publishedMicros)
                    .build();
            made.setChecksum(checksum(made));
            out.add(made);
        }
        return out;
    }

    /** Whether a part's checksum, if it has one, is that of its other fields; one that is not is applied by nobody. */
    public static boolean isIntact(Delta part) {
        return part.getChecksum() == NO_CHECKSUM || part.getChecksum() == checksum(part);
    }

    /**
     * XXH3-64 over model and lineage, each in UTF-8 after its length, the numbers as little-endian 32 and 64 bits in the order
     * of the schema, indices and values after their lengths, digest and examples; never 0.
     */
    static long checksum(Delta part) {
        HashStream64 hash = Hashing.xxh3_64().hashStream();
        put(hash, part.getModel().getBytes(StandardCharsets.UTF_8));
        put(hash, part.getLineage().getBytes(StandardCharsets.UTF_8));
        hash.putInt(part.getShard()).putLong(part.getFrom()).putLong(part.getTo());
        hash.putInt(part.getPart()).putInt(part.getParts());
        hash.putInt(part.getRows()).putInt(part.getWidth());
        put(hash, bytes(part.getIndices()));
        put(hash, bytes(part.getValues()));
        put(hash, part.getDigest().getBytes(StandardCharsets.UTF_8));
        hash.putLong(part.getExamples());
        long sum = hash.getAsLong();
        return sum == NO_CHECKSUM ? 1 : sum;
    }

    private static void put(HashStream64 hash, byte[] bytes) {
        hash.putInt(bytes.length).putBytes(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /**
     * Puts the parts of one delta together again, in whatever order they come.
     *
     * @param most rows that the model may have
     * @param width floats a row that the model's scorer needs
     * @throws MalformedSnapshotException if they are not exactly the parts of one delta of such a model
     */
    public static WeightDelta decode(List<Delta> parts, int most, int width) {
        if (parts.isEmpty()) {
            throw new MalformedSnapshotException("parts", 0, "at least 1");
        }
        List<Delta> ordered =
                parts.stream().sorted(Comparator.comparingInt(Delta::getPart)).toList();
        Delta head = ordered.get(0);
        if (head.getWidth() != width) {
            throw new MalformedSnapshotException("width", head.getWidth(), Integer.toString(width));
        }
        if (head.getRows() < 1 || head.getRows() > most) {
            throw new MalformedSnapshotException("rows", head.getRows(), "1 to " + most);
        }
        int rowBytes = width * Float.BYTES;
        long count = 0;
        for (int i = 0; i < ordered.size(); i++) {
            Delta part = ordered.get(i);
            checkPart(head, part, i, ordered.size(), rowBytes);
            count += part.getValues().remaining() / rowBytes;
        }
        if (head.getFrom() >= head.getTo() || head.getFrom() < 0) {
            throw new MalformedSnapshotException("from", head.getFrom(), "0 to below " + head.getTo());
        }
        if (count > head.getRows()) {
            throw new MalformedSnapshotException("changed rows", count, "at most " + head.getRows());
        }
        int[] indices = new int[(int) count];
        float[] values = new float[Math.multiplyExact((int) count, width)];
        int filled = 0;
        int before = -1;
        for (Delta part : ordered) {
            int size = part.getValues().remaining() / rowBytes;
            readIndices(part.getIndices().duplicate(), before, head.getRows(), indices, filled, size);
            readValues(part.getValues().duplicate(), values, filled * width, size * width);
            filled += size;
            before = filled == 0 ? -1 : indices[filled - 1];
        }
        return new WeightDelta(
                head.getModel(),
                head.getLineage(),
                head.getShard(),
                head.getFrom(),
                head.getTo(),
                head.getRows(),
                width,
                indices,
                values,
                head.getDigest(),
                head.getExamples());
    }

    private static void checkPart(Delta head, Delta part, int number, int parts, int rowBytes) {
        if (part.getParts() != parts || part.getPart() != number) {
            throw new MalformedSnapshotException(
                    "part", part.getPart() + " of " + part.getParts(), number + " of " + parts);
        }
        if (!part.getModel().equals(head.getModel())
                || !part.getLineage().equals(head.getLineage())
                || part.getShard() != head.getShard()
                || part.getFrom() != head.getFrom()
                || part.getTo() != head.getTo()
                || part.getRows() != head.getRows()
                || part.getWidth() != head.getWidth()
                || !part.getDigest().equals(head.getDigest())) {
            throw new MalformedSnapshotException("part " + number, place(part), "a part of " + place(head));
        }
        if (!isIntact(part)) {
            throw new MalformedSnapshotException(
                    "checksum of " + place(part), Digest.text(part.getChecksum()), Digest.text(checksum(part)));
        }
        if (part.getValues().remaining() % rowBytes != 0) {
            throw new MalformedSnapshotException(
                    "values", part.getValues().remaining() + " bytes", "a multiple of " + rowBytes);
        }
    }

    private static String place(Delta delta) {
        return delta.getModel() + " " + delta.getLineage() + " shard " + delta.getShard() + " (" + delta.getFrom()
                + ", " + delta.getTo() + "]";
    }

    /** Rows as a delta's indices are. */
    public static ByteBuffer rows(int[] ascending) {
        return indices(ascending, 0, ascending.length);
    }

    /**
     * The inverse.
     *
     * @throws MalformedSnapshotException if they are not so many rows below a number
     */
    public static int[] rows(ByteBuffer gaps, int count, int below) {
        int[] rows = new int[count];
        readIndices(gaps.duplicate(), -1, below, rows, 0, count);
        return rows;
    }

    private static ByteBuffer indices(int[] indices, int first, int last) {
        byte[] out = new byte[(last - first) * MAX_GAP_BYTES];
        int size = 0;
        for (int i = first; i < last; i++) {
            int gap = indices[i] - (i == 0 ? -1 : indices[i - 1]);
            if (gap <= 0) {
                throw new IllegalArgumentException(
                        "indices: " + indices[i] + " after " + (indices[i] - gap) + " (expected: ascending from 0)");
            }
            for (; gap > 0x7f; gap >>>= 7) {
                out[size++] = (byte) (gap & 0x7f | 0x80);
            }
            out[size++] = (byte) gap;
        }
        return ByteBuffer.wrap(Arrays.copyOf(out, size));
    }

    private static ByteBuffer values(float[] values, int first, int last) {
        ByteBuffer out = ByteBuffer.allocate((last - first) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.asFloatBuffer().put(values, first, last - first);
        return out;
    }

    private static void readIndices(ByteBuffer in, int before, int rows, int[] out, int at, int count) {
        int last = before;
        for (int i = 0; i < count; i++) {
            long gap = 0;
            int shift = 0;
            byte next;
            do {
                if (!in.hasRemaining() || shift > 28) {
                    throw new MalformedSnapshotException("indices", i + " varints", count + " of at most 5 bytes");
                }
                next = in.get();
                gap |= (long) (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            if (gap == 0 || last + gap >= rows) {
                throw new MalformedSnapshotException(
                        "indices", last + gap, "ascending, above " + last + " and below " + rows);
            }
            last += (int) gap;
            out[at + i] = last;
        }
        if (in.hasRemaining()) {
            throw new MalformedSnapshotException("indices", in.remaining() + " bytes left over", count + " varints");
        }
    }

    private static void readValues(ByteBuffer in, float[] out, int at, int count) {
        in.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out, at, count);
        for (int i = at; i < at + count; i++) {
            if (!Float.isFinite(out[i])) {
                throw new MalformedSnapshotException("values", out[i], "finite numbers");
            }
        }
    }
}
