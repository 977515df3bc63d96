package io.millrace.trainer.ids;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who has a weight and which, by the words of the specification: a map, in which nothing is ever evicted. */
final class NaiveIds {
    static final class Known {
        int count;
        long seen = -1;
        float weight;
    }

    final Map<Long, Known> known = new HashMap<>();
    private final int admit;
    private final long tickMicros;
    private final long forgetTicks;

    NaiveIds(int admit, long forgetMicros) {
        this.admit = admit;
        this.tickMicros = Math.max(2_000_000, (long) Math.ceil(forgetMicros / 1024.0));
        this.forgetTicks = (long) Math.ceil((double) forgetMicros / tickMicros);
    }

    boolean isForgotten(Known id, long timeMicros) {
        return forgetTicks > 0 && id.seen >= 0 && timeMicros / tickMicros - id.seen > forgetTicks;
    }

    /** Those of an example's ids, in order, that have a weight in it. */
    List<Long> admitted(List<Long> ids, long timeMicros) {
        List<Long> admitted = new ArrayList<>();
        for (long id : ids) {
            Known entry = known.computeIfAbsent(id, key -> new Known());
            if (isForgotten(entry, timeMicros)) {
                known.put(id, new Known());
            }
            if (known.get(id).count >= admit - 1) {
                admitted.add(id);
            }
        }
        return admitted;
    }

    void count(List<Long> ids, long timeMicros) {
        for (long id : ids) {
            Known entry = known.get(id);
            entry.count = Math.min(admit, entry.count + 1);
            entry.seen = Math.max(entry.seen, timeMicros / tickMicros);
        }
    }
}
