package io.millrace.serving.rank;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.record.Name;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;

/**
 * Writes what stands behind each hash to {@code names}, once for as long as it is among the {@value #REMEMBERED} that this
 * process remembers. Safe for use by several threads.
 */
final class NameLog {
    static final int REMEMBERED = 1_000_000;

    private final LogProducer producer;
    private final RankMetrics metrics;
    private final Codec<Name> codec = Codec.of(Name.class);
    private final Cache<Long, Boolean> written =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    NameLog(LogProducer producer, RankMetrics metrics) {
        this.producer = producer;
        this.metrics = metrics;
    }

    boolean isNew(long hash) {
        return written.getIfPresent(hash) == null;
    }

    void write(long hash, String field, String value) {
        if (written.asMap().putIfAbsent(hash, true) == null) {
            byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(hash).array();
            producer.send(Topic.NAMES, key, codec.encode(new Name(hash, field, value)), () -> {
                written.invalidate(hash);
                metrics.logFailed(Topic.NAMES);
            });
        }
    }
}
