package io.millrace.features.job;

import io.millrace.features.aggregate.Correction;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.aggregate.Observation;
import io.millrace.features.aggregate.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thing that happened means for an entity, packed: the group, the topic that it is from, then for each aggregate which it is, what is
 * said, and observations of time, id, number, per and category; before those of a correction the time at which it became known.
 * It travels within a job and is never kept.
 */
record PackedHits(int group, Origin origin, List<Hit> hits) {
    private static final Origin[] ORIGINS = Origin.values();
    private static final int HEAD_BYTES = Integer.BYTES + 1;
    private static final int OBSERVATION_BYTES = 5 * Long.BYTES;
    private static final int CORRECTION = 1;
    private static final int WRONG = 2;
    private static final int RIGHT = 4;

    byte[] pack() {
        ByteBuffer out = ByteBuffer.allocate(2 * Integer.BYTES
                        + hits.stream().mapToInt(PackedHits::bytes).sum())
                .putInt(group)
                .putInt(origin.ordinal());
        for (Hit hit : hits) {
            int what = what(hit);
            out.putInt(hit.aggregate()).put((byte) what);
            if (hit instanceof Hit.Corrected corrected) {
                Correction correction = corrected.correction();
                out.putLong(correction.knownMicros());
                put(correction.wrong(), out);
                put(correction.right(), out);
            } else {
                put(((Hit.Added) hit).observation(), out);
            }
        }
        return out.array();
    }

    private static int what(Hit hit) {
        return hit instanceof Hit.Corrected corrected
                ? CORRECTION
                        + (corrected.correction().wrong() == null ? 0 : WRONG)
                        + (corrected.correction().right() == null ? 0 : RIGHT)
                : RIGHT;
    }

    private static int bytes(Hit hit) {
        int what = what(hit);
        return HEAD_BYTES
                + ((what & CORRECTION) == 0 ? 0 : Long.BYTES)
                + Integer.bitCount(what & (WRONG + RIGHT)) * OBSERVATION_BYTES;
    }

    private static void put(@Nullable Observation observation, ByteBuffer out) {
        if (observation != null) {
            out.putLong(observation.timeMicros())
                    .putLong(observation.id())
                    .putDouble(observation.number())
                    .putDouble(observation.per())
                    .putLong(observation.category());
        }
    }

    static PackedHits unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        int group = in.getInt();
        Origin origin = ORIGINS[in.getInt()];
        List<Hit> hits = new ArrayList<>(in.remaining() / (HEAD_BYTES + OBSERVATION_BYTES));
        while (in.hasRemaining()) {
            hits.add(hit(in));
        }
        return new PackedHits(group, origin, hits);
    }

    private static Hit hit(ByteBuffer in) {
        int aggregate = in.getInt();
        int what = in.get();
        if ((what & CORRECTION) == 0) {
            return new Hit.Added(aggregate, observation(in));
        }
        long knownMicros = in.getLong();
        @Nullable Observation wrong = (what & WRONG) == 0 ? null : observation(in);
        @Nullable Observation right = (what & RIGHT) == 0 ? null : observation(in);
        return new Hit.Corrected(aggregate, new Correction(knownMicros, wrong, right));
    }

    private static Observation observation(ByteBuffer in) {
        return new Observation(in.getLong(), in.getLong(), in.getDouble(), in.getDouble(), in.getLong());
    }
}
