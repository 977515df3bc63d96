package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Makes manifests, which name the newest base of every shard, from the bases that the shards announce. Runs once a job. The
 * first manifest, at the start of a lineage, has all shards at offset 0: without files, or, where the lineage starts from a
 * root, with one a shard that holds the root's rows under the lineage's own name. Where the job begins with bases that are there already, it
 * has these.
 */
final class ManifestOperator extends AbstractStreamOperator<Published>
        implements OneInputStreamOperator<byte[], Published> {
    private static final long serialVersionUID = 1L;

    private final LearnJobSettings settings;

    private transient PipelineSpec spec;
    private transient Map<Integer, ShardBase> bases;
    private transient ListState<byte[]> saved;
    private transient Codec<ShardBase> baseCodec;
    private transient Codec<Manifest> codec;
    private transient boolean restored;

    ManifestOperator(LearnJobSettings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        spec = settings.spec();
        baseCodec = Codec.of(ShardBase.class);
        codec = Codec.of(Manifest.class);
        bases = new TreeMap<>();
        for (int shard = 0; shard < settings.partitions(); shard++) {
            bases.put(shard, settings.start(shard).orElse(initial(shard)));
        }
        saved = context.getOperatorStateStore()
                .getListState(
                        new ListStateDescriptor<>("bases", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        for (byte[] bytes : saved.get()) {
            ShardBase base = baseCodec.decode(bytes);
            bases.put(base.getShard(), base);
        }
        restored = context.isRestored();
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (!restored) {
            if (settings.root().isPresent() && settings.start(0).isEmpty()) {
                writeRoot(settings.root().get());
            }
            getProcessingTimeService().registerTimer(now(), time -> emit());
        }
    }

    private void writeRoot(RootBase root) throws IOException {
        SnapshotStore store = SnapshotStore.of(settings.store());
        RootBase.Content content = root.read(store);
        try (BaseWriter writer = new BaseWriter(store)) {
            for (int shard = 0; shard < settings.partitions(); shard++) {
                try (ShardLearner learner = settings.learner(shard)) {
                    content.start(learner);
                    bases.put(shard, writer.writeNow(learner.header(), learner.copyBlocks()));
                }
            }
        }
    }

    @Override
    public void processElement(StreamRecord<byte[]> element) {
        ShardBase base = baseCodec.decode(element.getValue());
        bases.put(base.getShard(), base);
        emit();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        saved.update(bases.values().stream().map(baseCodec::encode).toList());
    }

    private void emit() {
        Manifest manifest = Manifests.of(settings, bases.values(), TimeUnit.MILLISECONDS.toMicros(now()));
        output.collect(new StreamRecord<>(
                new Published(Topic.MODEL_MANIFESTS, Manifests.key(manifest), codec.encode(manifest))));
    }

    private static ShardBase initial(int shard) {
        return ShardBase.newBuilder()
                .setShard(shard)
                .setOffset(0)
                .setDigest(Digest.text(0))
                .build();
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }
}
