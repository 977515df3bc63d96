package io.millrace.features.aggregate;

import io.millrace.record.SourcePosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How many records of the log an entity's state is made of, and how far they reach in each partition. */
final class Positions {
    private static final long UNKNOWN = -1;
    private static final Origin[] ORIGINS = Origin.values();

    private long taken;
    private int[] origins = {};
    private int[] partitions = {};
    private long[] offsets = {};

    /** One more, which need not be newer than those before. */
    void take(Origin origin, int partition, long offset) {
        if (taken != UNKNOWN) {
            taken++;
        }
        for (int i = 0; i < offsets.length; i++) {
            if (origins[i] == origin.ordinal() && partitions[i] == partition) {
                offsets[i] = Math.max(offsets[i], offset);
                return;
            }
        }
        grow(offsets.length + 1);
        origins[offsets.length - 1] = origin.ordinal();
        partitions[offsets.length - 1] = partition;
        offsets[offsets.length - 1] = offset;
    }

    private void grow(int size) {
        origins = Arrays.copyOf(origins, size);
        partitions = Arrays.copyOf(partitions, size);
        offsets = Arrays.copyOf(offsets, size);
    }

    /** That it was not counted what a state is made of. */
    void forget() {
        taken = UNKNOWN;
    }

    long taken() {
        return taken;
    }

    List<SourcePosition> read() {
        List<SourcePosition> read = new ArrayList<>(offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            read.add(new SourcePosition(ORIGINS[origins[i]].topic().text(), partitions[i], offsets[i]));
        }
        return read;
    }

    void write(StateOutput out) {
        out.putLong(taken).putInt(offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            out.putByte(origins[i]).putInt(partitions[i]).putLong(offsets[i]);
        }
    }

    void read(ByteBuffer in) {
        taken = in.getLong();
        grow(in.getInt());
        for (int i = 0; i < offsets.length; i++) {
            origins[i] = in.get();
            partitions[i] = in.getInt();
            offsets[i] = in.getLong();
        }
    }
}
