package io.millrace.ingestion.source;

import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in a topic of somebody else's.
 *
 * @param topic as its source calls it, by which it is told from one of the same name in another Kafka
 * @param timestampMs that Kafka has of it, milliseconds since 1970 UTC
 * @param value null for a tombstone
 */
public record SourceRecord(String topic, int partition, long offset, long timestampMs, byte @Nullable [] value) {
    /** Topic, partition and offset, which nothing else has. */
    public String place() {
        return topic + "-" + partition + "-" + offset;
    }
}
