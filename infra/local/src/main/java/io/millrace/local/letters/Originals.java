package io.millrace.local.letters;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds records where they stood. */
final class Originals {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;

    /** The consumer stays the caller's to close. */
    Originals(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** The record of the place, if it still is there and has this value. */
    Optional<ConsumerRecord<byte[], byte[]>> find(Place place, byte[] value) {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        List<TopicPartition> one = List.of(partition);
        if (consumer.partitionsFor(place.topic()).size() <= place.partition()) {
            return Optional.empty();
        }
        consumer.assign(one);
        long end = consumer.endOffsets(one).get(partition);
        if (place.offset() < consumer.beginningOffsets(one).get(partition) || place.offset() >= end) {
            return Optional.empty();
        }
        consumer.seek(partition, place.offset());
        while (consumer.position(partition) <= place.offset()) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() >= place.offset()) {
                    return Optional.of(read)
                            .filter(found -> found.offset() == place.offset() && Arrays.equals(found.value(), value));
                }
            }
        }
        return Optional.empty();
    }
}
