package io.millrace.trainer.job;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A block in the place of the records that it holds. Its offset is that of the last of them, so that a reader which goes on
 * behind it goes on behind them all.
 */
final class BlockRecord extends ConsumerRecord<byte[], byte[]> {
    /** A block is closed before it grows beyond this; a larger record has one of its own. */
    static final int BLOCK_BYTES = 64 << 10;

    private static final byte[] NOTHING = new byte[0];

    private final LogBlock block;

    private BlockRecord(ConsumerRecord<byte[], byte[]> last, LogBlock block) {
        super(last.topic(), last.partition(), last.offset(), NOTHING, NOTHING);
        this.block = block;
    }

    LogBlock block() {
        return block;
    }

    /** All records of a partition that one poll gave, in blocks. */
    static List<ConsumerRecord<byte[], byte[]>> pack(List<ConsumerRecord<byte[], byte[]>> read) {
        List<ConsumerRecord<byte[], byte[]>> packed = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < read.size(); i++) {
            long more = LogBlock.packedBytes(value(read.get(i)));
            if (i > from && bytes + more > BLOCK_BYTES) {
                packed.add(packed(read.subList(from, i), bytes));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < read.size()) {
            packed.add(packed(read.subList(from, read.size()), bytes));
        }
        return packed;
    }

    /** The block that a record stands for: one of itself alone, if it is not a block. */
    static LogBlock blockOf(ConsumerRecord<byte[], byte[]> read) {
        return read instanceof BlockRecord packed
                ? packed.block
                : packed(List.of(read), LogBlock.packedBytes(value(read))).block;
    }

    private static BlockRecord packed(List<ConsumerRecord<byte[], byte[]>> read, long bytes) {
        ConsumerRecord<byte[], byte[]> last = read.get(read.size() - 1);
        LogBlock.Packing packing = new LogBlock.Packing(last.partition(), bytes);
        read.forEach(record -> packing.add(record.offset(), value(record)));
        return new BlockRecord(last, packing.block());
    }

    private static byte[] value(ConsumerRecord<byte[], @Nullable byte[]> read) {
        byte[] value = read.value();
        return value == null ? NOTHING : value;
    }
}
