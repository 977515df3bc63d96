package io.millrace.ingestion.reader;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a source has been read. Whatever Kafka the source is in, that is kept in the one to which its results are written, since
 * both are one transaction there. Belongs to the reader's thread.
 */
interface ReadOffsets {
    /**
     * The offset of the first record that was not read, of each partition that ever was.
     *
     * <p>To be asked when no earlier transaction of the source can end any more.
     */
    Map<TopicPartition, Long> read(Set<TopicPartition> partitions);

    /** Becomes part of the transaction that is open. */
    void add(Producer<byte[], byte[]> producer, Map<TopicPartition, OffsetAndMetadata> next);

    /** What sets them back, where the topic was made anew. */
    String remedy();
}
