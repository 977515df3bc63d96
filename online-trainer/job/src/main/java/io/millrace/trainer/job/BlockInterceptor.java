package io.millrace.trainer.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives the source what one poll read of a partition as few {@link BlockRecord blocks} instead of many records. Public
 * because Kafka makes them; used by the thread that polls.
 *
 * <p>This keeps exactly-once without a word to checkpoints: a block is a single record to Flink's source, which emits it and
 * moves its offset past it in one step, and a barrier finds the source before or after that step. No record waits
 * anywhere for others to fill its block, so that there is nothing to hand over before a barrier and no example arrives later than
 * it would alone; blocks are large where examples pile up, and of one example where they trickle.
 */
public final class BlockInterceptor implements ConsumerInterceptor<byte[], byte[]> {
    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> read) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> packed = new HashMap<>();
        for (TopicPartition partition : read.partitions()) {
            packed.put(partition, BlockRecord.pack(read.records(partition)));
        }
        return new ConsumerRecords<>(packed, read.nextOffsets());
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
