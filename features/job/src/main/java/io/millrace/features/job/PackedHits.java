package io.millrace.features.job;

import io.millrace.features.aggregate.Hit;
import io.millrace.features.aggregate.Observation;
import io.millrace.features.aggregate.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one thing that happened means for an entity, packed: the group, the topic that it is from, then for each aggregate which it is, time, id, number,
 * per and category. It travels within a job and is never kept.
 */
record PackedHits(int group, Origin origin, List<Hit> hits) {
    private static final Origin[] ORIGINS = Origin.values();
    private static final int BYTES = Integer.BYTES + 5 * Long.BYTES;

    byte[] pack() {
        ByteBuffer out = ByteBuffer.allocate(2 * Integer.BYTES + hits.size() * BYTES)
                .putInt(group)
                .putInt(origin.ordinal());
        for (Hit hit : hits) {
            Observation observation = hit.observation();
            out.putInt(hit.aggregate())
                    .putLong(observation.timeMicros())
                    .putLong(observation.id())
                    .putDouble(observation.number())
                    .putDouble(observation.per())
                    .putLong(observation.category());
        }
        return out.array();
    }

    static PackedHits unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        int group = in.getInt();
        Origin origin = ORIGINS[in.getInt()];
        List<Hit> hits = new ArrayList<>(in.remaining() / BYTES);
        while (in.hasRemaining()) {
            hits.add(new Hit(
                    in.getInt(),
                    new Observation(in.getLong(), in.getLong(), in.getDouble(), in.getDouble(), in.getLong())));
        }
        return new PackedHits(group, origin, hits);
    }
}
