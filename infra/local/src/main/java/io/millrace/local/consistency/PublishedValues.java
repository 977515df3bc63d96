package io.millrace.local.consistency;

import io.millrace.features.consistency.Reach;
import io.millrace.local.log.TopicLog;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.RecordDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What {@code feature-values} said of some entities before some offsets.
 *
 * <p>The topic is compacted, but compaction goes from the old to the new and drops what has a successor: while an older record of an
 * entity is there, none that came after it is missing. So the newest that is left before an offset is the one that was there;
 * where none is left and offsets are missing, nobody knows.
 */
final class PublishedValues {
    /** So many records that follow are kept: what was overtaken on the way shows soon after. */
    private static final int LATER = 16;

    /**
     * What an entity was before an offset.
     *
     * @param isKnown whether that is known
     * @param record none where the entity had none
     * @param later how far the values reached soon after, and at last
     */
    record Published(boolean isKnown, @Nullable FeatureValues record, List<Reach> later) {}

    private static final class OfEntity {
        private final TreeMap<Long, @Nullable Published> before = new TreeMap<>();
        private final List<Published> recent = new ArrayList<>();
        private @Nullable FeatureValues newest;
        private boolean hasRecord;
    }

    private final Map<String, OfEntity> entities = new HashMap<>();
    private long firstMissing = Long.MAX_VALUE;
    private long next;
    private boolean hasFiles;

    /** @param key of its records */
    void want(String key, long beforeOffset) {
        entities.computeIfAbsent(key, made -> new OfEntity()).before.put(beforeOffset, null);
    }

    Published before(String key, long offset) {
        @Nullable Published found = entities.get(key).before.get(offset);
        if (found == null) {
            throw new IllegalStateException("feature-values are not read yet");
        }
        return found;
    }

    void read(TopicLog log, TopicLog.Extent extent, RecordDecoder decoder) throws InterruptedException {
        Codec<FeatureValues> codec = decoder.codec(FeatureValues.class);
        log.read(Topic.FEATURE_VALUES, extent, consumed -> {
            if (consumed.offset() != next) {
                firstMissing = Math.min(firstMissing, next);
            }
            next = consumed.offset() + 1;
            OfEntity entity =
                    consumed.key() == null ? null : entities.get(new String(consumed.key(), StandardCharsets.UTF_8));
            if (entity != null) {
                take(entity, consumed, decoder, codec);
            }
            return true;
        });
        entities.values().forEach(entity -> {
            settle(entity, Long.MAX_VALUE);
            if (entity.newest != null) {
                Reach last = Reach.of(entity.newest);
                entity.before.values().forEach(one -> one.later().add(last));
            }
        });
    }

    /** Whether some of the values are made of files, by a backfill. */
    boolean hasFiles() {
        return hasFiles;
    }

    private void take(
            OfEntity entity,
            ConsumerRecord<byte[], byte[]> consumed,
            RecordDecoder decoder,
            Codec<FeatureValues> codec) {
        @Nullable FeatureValues record;
        try {
            record = consumed.value() == null ? null : decoder.decode(codec, consumed.value());
        } catch (WireException e) {
            // Serving passes it over, too.
            return;
        }
        settle(entity, consumed.offset());
        entity.newest = record;
        entity.hasRecord = true;
        if (record != null) {
            Reach reach = Reach.of(record);
            hasFiles |= reach.isOfFiles();
            entity.recent.forEach(one -> one.later().add(reach));
            entity.recent.removeIf(one -> one.later().size() >= LATER);
        }
    }

    /** Those that are asked for up to an offset are as the entity is now. */
    private void settle(OfEntity entity, long upTo) {
        entity.before.headMap(upTo, true).replaceAll((offset, known) -> {
            if (known != null) {
                return known;
            }
            boolean isKnown = entity.hasRecord || firstMissing >= offset;
            Published published = new Published(isKnown, entity.newest, new ArrayList<>());
            entity.recent.add(published);
            return published;
        });
    }
}
