package io.millrace.local.verify;

import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.trainer.audit.PublishedVersions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the topics say of one lineage. Not thread-safe. */
final class KnownLineage {
    private final String model;
    private final String id;
    private final Map<Integer, PublishedVersions> published = new TreeMap<>();
    private final Map<Integer, List<Difference>> malformed = new HashMap<>();
    private final Map<Integer, Map<Long, ShardBase>> files = new HashMap<>();
    private @Nullable Manifest newest;

    KnownLineage(String model, String id) {
        this.model = model;
        this.id = id;
    }

    String model() {
        return model;
    }

    String id() {
        return id;
    }

    /** The last manifest; null where none is kept. */
    @Nullable
    Manifest newest() {
        return newest;
    }

    PublishedVersions published(int shard) {
        return published.computeIfAbsent(shard, made -> new PublishedVersions());
    }

    /** What stands in the topics and is no version at all. */
    List<Difference> malformed(int shard) {
        return malformed.getOrDefault(shard, List.of());
    }

    /** What manifests say of a shard's files, by offset. */
    Map<Long, ShardBase> files(int shard) {
        return files.getOrDefault(shard, Map.of());
    }

    void add(Manifest manifest, int partition, long offset) {
        newest = manifest;
        for (ShardBase base : manifest.getBases()) {
            try {
                published(base.getShard()).addBase(base.getOffset(), base.getDigest(), partition, offset);
            } catch (IllegalArgumentException e) {
                malformed(
                        base.getShard(),
                        base.getOffset(),
                        "the manifest at offset " + offset + " of model-manifests-" + partition,
                        String.valueOf(e.getMessage()));
            }
            if (base.getUri() != null) {
                files.computeIfAbsent(base.getShard(), made -> new HashMap<>()).put(base.getOffset(), base);
            }
        }
    }

    void add(Delta delta, int partition, long offset) {
        String what = "the delta at offset " + offset + " of model-updates-" + partition;
        try {
            published(delta.getShard())
                    .addDelta(
                            delta.getFrom(), delta.getTo(), delta.getDigest(), delta.getExamples(), partition, offset);
        } catch (IllegalArgumentException e) {
            malformed(delta.getShard(), delta.getTo(), what, String.valueOf(e.getMessage()));
        }
    }

    private void malformed(int shard, long version, String what, String problem) {
        malformed
                .computeIfAbsent(shard, made -> new ArrayList<>())
                .add(new Difference(
                        Kind.MALFORMED, version, "a version", problem, what + " is no version: " + problem));
    }
}
