package io.millrace.ingestion.collect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far the join is behind in a partition.
 *
 * @param unread offsets from the first record that it has not read to the end
 * @param age of that record; zero where there is none
 * @param kept how long the topic keeps records; null for ever
 */
record Lag(
        String topic,
        int partition,
        long unread,
        Duration age,
        @Nullable Duration kept) {
    static Lag none(String topic, int partition) {
        return new Lag(topic, partition, 0, Duration.ZERO, null);
    }
}
