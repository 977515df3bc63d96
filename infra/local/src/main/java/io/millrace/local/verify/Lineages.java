package io.millrace.local.verify;

import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every lineage that manifests or deltas name, and which of them is live. */
final class Lineages {
    private record Key(String model, String lineage) {}

    private final Map<Key, KnownLineage> known = new LinkedHashMap<>();
    private @Nullable KnownLineage live;
    private boolean fromTheFirst;
    private long unreadable;
    private long damaged;

    private Lineages() {}

    /** @param only the model, where there can be others */
    static Lineages read(RecordLog log, Optional<String> only) throws StartException, InterruptedException {
        Lineages read = new Lineages();
        TopicLog topics = log.topics();
        read.unreadable += log.read(
                Topic.MODEL_MANIFESTS,
                Manifest.class,
                topics.extents(Topic.MODEL_MANIFESTS),
                record -> true,
                (manifest, record) -> {
                    if (only.map(manifest.getModel()::equals).orElse(true)) {
                        read.live = read.of(manifest.getModel(), manifest.getLineage());
                        read.live.add(manifest, record.partition(), record.offset());
                    }
                    return true;
                });
        topics.controls().values().stream()
                .filter(control -> only.map(control.getModel()::equals).orElse(true))
                .filter(control -> control.getLive() != null)
                .forEach(control -> read.live = read.of(control.getModel(), control.getLive()));
        List<TopicLog.Extent> updates = topics.extents(Topic.MODEL_UPDATES);
        read.fromTheFirst = updates.stream().allMatch(extent -> extent.begin() == 0);
        read.unreadable += log.read(Topic.MODEL_UPDATES, Delta.class, updates, record -> true, (delta, record) -> {
            if (only.map(delta.getModel()::equals).orElse(true) && read.isIntact(delta) && delta.getPart() == 0) {
                read.of(delta.getModel(), delta.getLineage()).add(delta, record.partition(), record.offset());
            }
            return true;
        });
        return read;
    }

    private boolean isIntact(Delta delta) {
        boolean intact = DeltaCodec.isIntact(delta);
        if (!intact) {
            damaged++;
        }
        return intact;
    }

    private KnownLineage of(String model, String lineage) {
        return known.computeIfAbsent(new Key(model, lineage), key -> new KnownLineage(model, lineage));
    }

    /** The lineage that serves: the operator's, or that of the newest manifest; null where there is none. */
    @Nullable
    KnownLineage live() {
        return live;
    }

    /** The live one first. */
    List<KnownLineage> all() {
        List<KnownLineage> all = new ArrayList<>();
        if (live != null) {
            all.add(live);
        }
        known.values().stream().filter(lineage -> lineage != live).forEach(all::add);
        return all;
    }

    /** Whether no delta was deleted yet. */
    boolean isFromTheFirst() {
        return fromTheFirst;
    }

    /** Deltas with a wrong checksum: nobody was served by them. */
    long damaged() {
        return damaged;
    }

    /** Records of both topics that are neither. */
    long unreadable() {
        return unreadable;
    }
}
