package io.millrace.local.verify;

import io.millrace.local.StartException;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.RecordDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Every lineage that manifests or deltas name, and which of them is live. */
final class Lineages {
    private record Key(String model, String lineage) {}

    private final Map<Key, KnownLineage> known = new LinkedHashMap<>();
    private @Nullable KnownLineage live;
    private boolean fromTheFirst = true;
    private long unreadable;
    private long damaged;

    private Lineages() {}

    /** @param only the model, where there can be others */
    static Lineages read(TopicLog log, RecordDecoder decoder, Optional<String> only)
            throws StartException, InterruptedException {
        Lineages read = new Lineages();
        Codec<Manifest> manifests = decoder.codec(Manifest.class);
        for (TopicLog.Extent extent : log.extents(Topic.MODEL_MANIFESTS)) {
            log.read(Topic.MODEL_MANIFESTS, extent, record -> {
                read.decode(decoder, manifests, record)
                        .filter(manifest ->
                                only.map(manifest.getModel()::equals).orElse(true))
                        .ifPresent(manifest -> {
                            read.live = read.of(manifest.getModel(), manifest.getLineage());
                            read.live.add(manifest, record.partition(), record.offset());
                        });
                return true;
            });
        }
        log.controls().values().stream()
                .filter(control -> only.map(control.getModel()::equals).orElse(true))
                .filter(control -> control.getLive() != null)
                .forEach(control -> read.live = read.of(control.getModel(), control.getLive()));
        Codec<Delta> deltas = decoder.codec(Delta.class);
        for (TopicLog.Extent extent : log.extents(Topic.MODEL_UPDATES)) {
            read.fromTheFirst &= extent.begin() == 0;
            log.read(Topic.MODEL_UPDATES, extent, record -> {
                read.decode(decoder, deltas, record)
                        .filter(delta -> only.map(delta.getModel()::equals).orElse(true))
                        .filter(read::isIntact)
                        .filter(delta -> delta.getPart() == 0)
                        .ifPresent(delta -> read.of(delta.getModel(), delta.getLineage())
                                .add(delta, record.partition(), record.offset()));
                return true;
            });
        }
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

    private <T extends SpecificRecord> Optional<T> decode(
            RecordDecoder decoder, Codec<T> codec, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(codec, record.value()));
        } catch (WireException e) {
            unreadable++;
            return Optional.empty();
        }
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
