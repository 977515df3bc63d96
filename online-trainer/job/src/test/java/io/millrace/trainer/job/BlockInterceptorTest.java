package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockInterceptorTest {
    private static final String TOPIC = "examples";
    private static final int PARTITIONS = 3;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void blocksHoldEveryPartitionsRecordsInOrder(long seed) {
        Random random = new Random(seed);
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<ConsumerRecord<byte[], byte[]>> records = records(random, partition, random.nextInt(400));
            read.put(new TopicPartition(TOPIC, partition), records);
            next.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(random.nextInt(1000)));
        }
        try (BlockInterceptor interceptor = new BlockInterceptor()) {
            ConsumerRecords<byte[], byte[]> packed = interceptor.onConsume(new ConsumerRecords<>(read, next));
            assertThat(packed.nextOffsets()).as("seed " + seed).isEqualTo(next);
            read.forEach((partition, records) -> assertHolds(packed.records(partition), records, "seed " + seed));
        }
    }

    private static void assertHolds(
            List<ConsumerRecord<byte[], byte[]>> packed, List<ConsumerRecord<byte[], byte[]>> records, String seed) {
        int at = 0;
        for (ConsumerRecord<byte[], byte[]> block : packed) {
            int from = at;
            for (LogRecord record : BlockRecord.blockOf(block)) {
                ConsumerRecord<byte[], byte[]> expected = records.get(at++);
                assertThat(record.partition()).as(seed).isEqualTo(expected.partition());
                assertThat(record.offset()).as(seed).isEqualTo(expected.offset());
                assertThat(record.value())
                        .as(seed)
                        .isEqualTo(expected.value() == null ? new byte[0] : expected.value());
            }
            assertThat(block.offset()).as(seed).isEqualTo(records.get(at - 1).offset());
            assertThat(block.partition()).as(seed).isEqualTo(records.get(from).partition());
            assertThat(BlockRecord.blockOf(block).f1.length <= BlockRecord.BLOCK_BYTES || at == from + 1)
                    .as(seed + ": at most a block's bytes, or one record")
                    .isTrue();
        }
        assertThat(at).as(seed).isEqualTo(records.size());
    }

    @Test
    void aRecordLargerThanABlockHasOneOfItsOwn() {
        List<ConsumerRecord<byte[], byte[]>> read = List.of(
                record(0, 1, new byte[10]),
                record(0, 2, new byte[BlockRecord.BLOCK_BYTES + 1]),
                record(0, 3, new byte[10]),
                record(0, 4, new byte[10]));
        assertThat(BlockRecord.pack(read)).extracting(ConsumerRecord::offset).containsExactly(1L, 2L, 4L);
    }

    @Test
    void manySmallRecordsMakeOneBlockAndNoneMakeNone() {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            read.add(record(0, i, new byte[100]));
        }
        assertThat(BlockRecord.pack(read)).extracting(ConsumerRecord::offset).containsExactly(499L);
        assertThat(BlockRecord.pack(List.of())).isEmpty();
    }

    @Test
    void aRecordThatWasNotPackedIsABlockOfOne() {
        assertThat(BlockRecord.blockOf(record(2, 7, null))).singleElement().satisfies(only -> {
            assertThat(only.partition()).isEqualTo(2);
            assertThat(only.offset()).isEqualTo(7);
            assertThat(only.value()).isEmpty();
        });
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(Random random, int partition, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = random.nextInt(1000);
        for (int i = 0; i < count; i++) {
            offset += 1 + (random.nextInt(10) == 0 ? random.nextLong(1L << 40) : 0);
            records.add(record(partition, offset, value(random)));
        }
        return records;
    }

    private static byte[] value(Random random) {
        int length = switch (random.nextInt(20)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(3 * BlockRecord.BLOCK_BYTES);
            case 3 -> BlockRecord.BLOCK_BYTES - 12;
            default -> random.nextInt(1000);
        };
        if (length < 0) {
            return null;
        }
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] value) {
        return new ConsumerRecord<>(TOPIC, partition, offset, null, value);
    }
}
