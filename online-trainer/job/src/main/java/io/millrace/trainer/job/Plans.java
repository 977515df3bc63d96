package io.millrace.trainer.job;

import io.millrace.features.spec.SpecReader;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.vector.FeatureSet;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Between what the topic {@code model-control} says of a lineage and the job that learns it. */
public final class Plans {
    private Plans() {}

    /** What a job learns, to be written down; it must know the spec's text. */
    public static LineagePlan of(LearnJobSettings settings) {
        return LineagePlan.newBuilder()
                .setLineage(settings.lineage())
                .setSpec(settings.specText()
                        .orElseThrow(() -> new IllegalArgumentException(
                                Problem.missing("text of the spec", "at most 262,144 characters")
                                        .toString())))
                .setRoot(settings.root().map(RootBase::digest).orElse(null))
                .setRootUri(settings.root().map(RootBase::uri).orElse(null))
                .setExcluded(settings.without().ranges())
                .setFeatureSets(settings.older().stream().map(FeatureSet::text).toList())
                .setStart(settings.start())
                .setErased(
                        settings.erased().isEmpty() ? null : settings.erased().records())
                .build();
    }

    /**
     * The job that learns a lineage.
     *
     * @throws io.millrace.features.spec.SpecException if this version cannot read the spec
     * @throws IllegalArgumentException if the plan gives another lineage: another topic of examples, or another version's
     */
    public static LearnJobSettings settings(LineagePlan plan, KafkaSettings kafka, URI store)
            throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return settings(plan, store, admin.topicId(Topic.EXAMPLES).toString(), admin.partitions(Topic.EXAMPLES));
        }
    }

    /** The same where the topic of examples is known. */
    public static LearnJobSettings settings(LineagePlan plan, URI store, String topicId, int partitions) {
        RootBase root = plan.getRoot() == null || plan.getRootUri() == null
                ? null
                : new RootBase(plan.getRootUri(), plan.getRoot());
        LearnJobSettings settings = new LearnJobSettings(
                        SpecReader.read(plan.getSpec(), "the plan of lineage " + plan.getLineage()),
                        store,
                        topicId,
                        partitions,
                        root,
                        LearnJobSettings.CHECKPOINT_INTERVAL)
                .withSpecText(plan.getSpec())
                .without(Exclusions.of(plan.getExcluded()))
                .reading(plan.getFeatureSets().stream()
                        .map(text -> FeatureSet.parse("an older one of " + plan.getLineage(), text))
                        .toList())
                .startingWith(plan.getStart())
                .erasing(plan.getErased() == null ? Erasures.NONE : Erasures.of(plan.getErased()));
        if (!settings.lineage().equals(plan.getLineage())) {
            throw new IllegalArgumentException(new Problem(
                            "lineage of the plan",
                            plan.getLineage(),
                            settings.lineage() + ", which its spec, its exclusions and examples of id " + topicId
                                    + " give")
                    .toString());
        }
        return settings;
    }

    /** The plan of a lineage, by its name or how that begins. */
    public static Optional<LineagePlan> find(ModelControl control, String lineage) {
        List<LineagePlan> found = control.getLineages().stream()
                .filter(plan -> plan.getLineage().startsWith(lineage))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
