package io.millrace.serving.feature;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.FeatureValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest values of every entity of a pipeline's aggregates.
 *
 * <p>One thread puts, any thread reads, without locks. A reader has a {@linkplain #view view}: all its values are those of one
 * position in the topic, whatever is put meanwhile. Memory grows with the number of entities, some 200 bytes each and 60 for
 * each aggregate; what is forgotten in the topic is forgotten here. Where it would be more than the bound, those to which nothing
 * happened for the longest are forgotten, a tenth at a time: their features are as if nothing had ever happened to them, until something does.
 */
final class FeatureStore {
    private static final double KEPT = 0.9;
    private static final int SAMPLE = 20_000;

    private final List<AggregateGroup> groups;
    private final List<Map<Long, EntityValues>> values;
    private final long maxBytes;
    private final FeatureStoreEvents events;
    private volatile Generation generation = new Generation(0);
    private volatile long bytes;

    /** @param maxBytes the bound on its memory, about */
    FeatureStore(PipelineSpec spec, long maxBytes, FeatureStoreEvents events) {
        this.groups = AggregateGroup.of(spec);
        this.maxBytes = maxBytes;
        this.events = events;
        this.values = IntStream.range(0, groups.size())
                .<Map<Long, EntityValues>>mapToObj(i -> new ConcurrentHashMap<>())
                .toList();
    }

    /** Keeps what a record says; that of an entity of no group is passed over. No view has it before {@link #reached}. */
    void put(long entity, FeatureValues record) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).text().equals(record.getBy())) {
                replace(g, entity, EntityValues.of(record, groups.get(g)));
            }
        }
        if (bytes > maxBytes) {
            evict();
        }
    }

    /** Forgets an entity; views have it until {@link #reached}. */
    void remove(String by, long entity) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).text().equals(by)) {
                replace(g, entity, null);
            }
        }
    }

    private void replace(int group, long entity, @Nullable EntityValues with) {
        Map<Long, EntityValues> of = values.get(group);
        @Nullable EntityValues before = of.get(entity);
        generation.replaces(group, entity, before);
        if (with == null) {
            of.remove(entity);
        } else {
            of.put(entity, with);
        }
        bytes = bytes + (with == null ? 0 : with.memory()) - (before == null ? 0 : before.memory());
    }

    private void evict() {
        long limit = Math.min(maxBytes - 1, (long) (maxBytes * KEPT));
        long[] evicted = new long[groups.size()];
        while (bytes > limit) {
            long oldest = quantile(1 - (double) limit / bytes);
            for (int g = 0; g < groups.size(); g++) {
                for (Map.Entry<Long, EntityValues> one : values.get(g).entrySet()) {
                    if (bytes > limit && one.getValue().asOfMicros() <= oldest) {
                        replace(g, one.getKey(), null);
                        evicted[g]++;
                    }
                }
            }
        }
        for (int g = 0; g < groups.size(); g++) {
            if (evicted[g] > 0) {
                events.evicted(groups.get(g).text(), evicted[g], values.get(g).size());
            }
        }
    }

    /** The time before which about such a share of all entities is as of; of a sample, since keys are hashes. */
    private long quantile(double share) {
        long every = Math.max(1, size() / SAMPLE);
        long[] n = {0};
        long[] sample = values.stream()
                .flatMap(of -> of.values().stream())
                .filter(one -> n[0]++ % every == 0)
                .mapToLong(EntityValues::asOfMicros)
                .sorted()
                .toArray();
        return sample[(int) (share * (sample.length - 1))];
    }

    /** Shows what was put since the last time: everything before this offset of the topic. */
    void reached(long position) {
        generation = generation.next(position);
        events.reached(this);
    }

    /** The values as they are now, at one position of the topic; for one decision, since it keeps what is replaced. */
    EntitySource view() {
        return new FeatureView(values, generation);
    }

    /** How many entities it knows. */
    long size() {
        return values.stream().mapToLong(Map::size).sum();
    }

    /** How many entities by the same features it knows, by these. */
    Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (int g = 0; g < groups.size(); g++) {
            sizes.put(groups.get(g).text(), values.get(g).size());
        }
        return sizes;
    }

    /** About how much memory it takes, in bytes. */
    long bytes() {
        return bytes;
    }

    long maxBytes() {
        return maxBytes;
    }
}
