package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the learning job is to do. Immutable.
 */
public final class LearnJobSettings implements Serializable {
    /** How often the job checkpoints, unless told otherwise. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

    private static final long serialVersionUID = 1L;

    /** A manifest must fit into a message, with its bases. */
    private static final int LONGEST_TEXT = 1 << 18;

    private final PipelineSpec spec;
    private final @Nullable String specText;
    private final URI store;
    private final String topicId;
    private final int partitions;
    private final @Nullable RootBase root;
    private final Duration checkpointInterval;
    private final boolean restoringTooEarly;

    /**
     * @param store where base snapshots are kept
     * @param topicId the id that Kafka gave the topic {@code examples}
     * @param partitions its fixed number of partitions: the number of shards
     * @param root what every shard starts from, if not from nothing
     */
    public LearnJobSettings(
            PipelineSpec spec,
            URI store,
            String topicId,
            int partitions,
            @Nullable RootBase root,
            Duration checkpointInterval) {
        this(spec, null, store, topicId, partitions, root, checkpointInterval, false);
    }

    private LearnJobSettings(
            PipelineSpec spec,
            @Nullable String specText,
            URI store,
            String topicId,
            int partitions,
            @Nullable RootBase root,
            Duration checkpointInterval,
            boolean restoringTooEarly) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions: " + partitions + " (expected: at least 1)");
        }
        this.spec = spec;
        this.specText = specText;
        this.store = store;
        this.topicId = topicId;
        this.partitions = partitions;
        this.root = root;
        this.checkpointInterval = checkpointInterval;
        this.restoringTooEarly = restoringTooEarly;
    }

    /** Settings for the cluster's topic {@code examples} as it is. */
    public static LearnJobSettings lookUp(KafkaSettings kafka, PipelineSpec spec, URI store)
            throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return new LearnJobSettings(
                    spec,
                    store,
                    admin.topicId(Topic.EXAMPLES).toString(),
                    admin.partitions(Topic.EXAMPLES),
                    null,
                    CHECKPOINT_INTERVAL);
        }
    }

    /**
     * The same, whose manifests hold the spec as its author wrote it, so that the lineage can be learned again when its file is
     * no longer there; a text of more than 262,144 characters is left out.
     */
    public LearnJobSettings withSpecText(String yaml) {
        String text = yaml.length() > LONGEST_TEXT ? null : yaml;
        return new LearnJobSettings(
                spec, text, store, topicId, partitions, root, checkpointInterval, restoringTooEarly);
    }

    /** The same with another interval between checkpoints. */
    public LearnJobSettings withCheckpointInterval(Duration interval) {
        return new LearnJobSettings(spec, specText, store, topicId, partitions, root, interval, restoringTooEarly);
    }

    /** The same for a lineage that starts from a base snapshot in the store. */
    public LearnJobSettings withRoot(RootBase base) {
        return new LearnJobSettings(
                spec, specText, store, topicId, partitions, base, checkpointInterval, restoringTooEarly);
    }

    /**
     * The same for a job that learns the last example before a checkpoint once more when it goes on from there: for showing
     * that a verification finds it.
     */
    public LearnJobSettings withRestoreTooEarly() {
        return new LearnJobSettings(spec, specText, store, topicId, partitions, root, checkpointInterval, true);
    }

    public PipelineSpec spec() {
        return spec;
    }

    /** The spec as its author wrote it, if it is known. */
    public Optional<String> specText() {
        return Optional.ofNullable(specText);
    }

    public URI store() {
        return store;
    }

    public String topicId() {
        return topicId;
    }

    public int partitions() {
        return partitions;
    }

    /** What every shard starts from, if not from nothing. */
    public Optional<RootBase> root() {
        return Optional.ofNullable(root);
    }

    public Duration checkpointInterval() {
        return checkpointInterval;
    }

    boolean restoringTooEarly() {
        return restoringTooEarly;
    }

    /** The lineage that the job learns. */
    public String lineage() {
        return Lineage.of(spec, topicId, partitions, root == null ? null : root.digest());
    }
}
