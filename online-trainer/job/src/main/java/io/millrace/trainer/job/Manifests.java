package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.vector.FeatureSet;
import java.util.ArrayList;
import java.util.Collection;

/** What a lineage says of itself in {@code model-manifests}. */
public final class Manifests {
    private Manifests() {}

    /** @param bases one for each shard */
    public static Manifest of(LearnJobSettings settings, Collection<ShardBase> bases, long nowMicros) {
        PipelineSpec spec = settings.spec();
        return Manifest.newBuilder()
                .setModel(spec.pipeline())
                .setLineage(settings.lineage())
                .setSpec(Lineage.canonicalSpec(spec))
                .setSeed(spec.model().seed())
                .setTopicId(settings.topicId())
                .setRoot(settings.root().map(RootBase::digest).orElse(null))
                .setBases(new ArrayList<>(bases))
                .setPlatform(Platform.describe())
                .setCreatedMicros(nowMicros)
                .setSpecText(settings.specText().orElse(null))
                .setExcluded(settings.without().ranges())
                .setFeatureSets(settings.older().stream().map(FeatureSet::text).toList())
                .setErased(
                        settings.erased().isEmpty() ? null : settings.erased().records())
                .build();
    }

    /** The record's key: compaction keeps the last of each lineage, so that an older one can still be learned again. */
    public static String key(Manifest manifest) {
        return manifest.getModel() + "/" + manifest.getLineage();
    }
}
