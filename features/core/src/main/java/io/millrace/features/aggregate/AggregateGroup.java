package io.millrace.features.aggregate;

import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The aggregates of a pipeline that are by the same features: they share entities, and so state and records.
 *
 * @param by the features that name an entity
 * @param id hash of these
 * @param definitions for each aggregate, the hash of what it is computed from, and of how many before it are computed from the
 *     same: no two have the same
 */
public record AggregateGroup(List<String> by, long id, List<AggregateSpec> aggregates, List<Long> definitions) {
    private static AggregateGroup of(List<String> by, List<AggregateSpec> aggregates) {
        Map<String, Integer> occurrences = new HashMap<>();
        List<Long> definitions = new ArrayList<>();
        for (AggregateSpec aggregate : aggregates) {
            int before = occurrences.merge(aggregate.definition(), 1, Integer::sum) - 1;
            definitions.add(hash(aggregate.definition() + (before == 0 ? "" : " #" + before)));
        }
        return new AggregateGroup(by, hash(String.join(",", by)), List.copyOf(aggregates), List.copyOf(definitions));
    }

    private static long hash(String text) {
        return Hashing.xxh3_64().hashBytesToLong(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The groups of a pipeline, in the order of their first aggregates. */
    public static List<AggregateGroup> of(PipelineSpec spec) {
        Map<List<String>, List<AggregateSpec>> byEntity = new LinkedHashMap<>();
        spec.aggregates()
                .forEach(one -> byEntity.computeIfAbsent(one.by(), by -> new ArrayList<>())
                        .add(one));
        List<AggregateGroup> groups = new ArrayList<>();
        byEntity.forEach((by, aggregates) -> groups.add(of(by, aggregates)));
        return Collections.unmodifiableList(groups);
    }

    /** What entities are by, for people and records. */
    public String text() {
        return String.join(",", by);
    }

    /** The key of an entity whose values have these hashes, one for each of {@link #by}. */
    public long entity(long... hashes) {
        long key = id;
        for (long hash : hashes) {
            key = FeatureHash.combine(key, hash);
        }
        return key;
    }
}
