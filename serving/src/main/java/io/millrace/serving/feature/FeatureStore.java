package io.millrace.serving.feature;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.FeatureValues;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest values of every entity of a pipeline's aggregates.
 *
 * <p>One thread puts, any thread reads, without locks. Memory grows with the number of entities, some 200 bytes each and 60 for
 * each aggregate; what is forgotten in the topic is forgotten here.
 */
public final class FeatureStore implements EntitySource {
    private final List<AggregateGroup> groups;
    private final List<Map<Long, EntityValues>> values;

    public FeatureStore(PipelineSpec spec) {
        this.groups = AggregateGroup.of(spec);
        this.values = IntStream.range(0, groups.size())
                .<Map<Long, EntityValues>>mapToObj(i -> new ConcurrentHashMap<>())
                .toList();
    }

    /** Keeps what a record says; that of an entity of no group is passed over. */
    void put(long entity, FeatureValues record) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).text().equals(record.getBy())) {
                values.get(g).put(entity, EntityValues.of(record, groups.get(g)));
            }
        }
    }

    /** Forgets an entity. */
    void remove(String by, long entity) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).text().equals(by)) {
                values.get(g).remove(entity);
            }
        }
    }

    @Override
    public @Nullable EntityValues find(int group, long entity) {
        return values.get(group).get(entity);
    }

    /** How many entities it knows. */
    public long size() {
        return values.stream().mapToLong(Map::size).sum();
    }
}
