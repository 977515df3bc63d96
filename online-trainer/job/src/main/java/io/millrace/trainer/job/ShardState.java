package io.millrace.trainer.job;

import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.SnapshotHeaders;
import io.millrace.trainer.state.GuardState;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What a checkpoint keeps of a shard, in keyed state: the header, what was shown, and one entry a block, all of them our own
 * versioned bytes ({@link SnapshotHeader} and {@link GuardState} as single objects, {@link RowBlock}). Only blocks that changed are written, so that a checkpoint
 * costs what changed, with any state backend. To be used under the shard's key.
 */
final class ShardState {
    static final String HEADER = "header";

    private final Codec<SnapshotHeader> codec = SnapshotHeaders.codec();
    private final Codec<GuardState> guardCodec = Codec.of(GuardState.class);
    private final ValueState<byte[]> header;
    private final ValueState<byte[]> guard;
    private final MapState<Integer, byte[]> blocks;

    ShardState(KeyedStateStore store) {
        this.header = store.getState(
                new ValueStateDescriptor<>(HEADER, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        this.guard = store.getState(
                new ValueStateDescriptor<>("guard", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        this.blocks = store.getMapState(
                new MapStateDescriptor<>("blocks", Types.INT, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    /** Writes the header, and the blocks that changed since the last call. */
    void save(HostedShard shard) throws Exception {
        header.update(codec.encode(shard.learner().header()));
        guard.update(guardCodec.encode(shard.showing().state()));
        for (RowBlock block : shard.takeUnsavedBlocks()) {
            blocks.put(block.number(), block.bytes());
        }
    }

    /** Makes a fresh shard what the saved one was. */
    void restore(HostedShard shard) throws Exception {
        restore(shard, 0);
    }

    /** The same, as if it had not come so far by some offsets. */
    void restore(HostedShard shard, int offsetsEarlier) throws Exception {
        List<RowBlock> saved = new ArrayList<>();
        for (Map.Entry<Integer, byte[]> block : blocks.entries()) {
            saved.add(new RowBlock(block.getKey(), block.getValue()));
        }
        SnapshotHeader read = codec.decode(header.value());
        read.setOffset(Math.max(0, read.getOffset() - offsetsEarlier));
        shard.learner().restore(read, saved);
        byte[] shown = guard.value();
        if (shown != null) {
            shard.showing().restore(guardCodec.decode(shown), read.getRows());
        }
    }
}
