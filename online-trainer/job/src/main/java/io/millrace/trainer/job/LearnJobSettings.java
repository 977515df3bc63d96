package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.vector.FeatureSet;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final URI store;
    private final String topicId;
    private final int partitions;
    private @Nullable String specText;
    private @Nullable RootBase root;
    private Duration checkpointInterval;
    private Exclusions without = Exclusions.NONE;
    private List<String> older = List.of();
    private Erasures erased = Erasures.NONE;
    private Map<Integer, byte[]> start = Map.of();
    private boolean restoringTooEarly;

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
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions: " + partitions + " (expected: at least 1)");
        }
        this.spec = spec;
        this.store = store;
        this.topicId = topicId;
        this.partitions = partitions;
        this.root = root;
        this.checkpointInterval = checkpointInterval;
    }

    private LearnJobSettings copy() {
        LearnJobSettings copy = new LearnJobSettings(spec, store, topicId, partitions, root, checkpointInterval);
        copy.specText = specText;
        copy.without = without;
        copy.older = older;
        copy.erased = erased;
        copy.start = start;
        copy.restoringTooEarly = restoringTooEarly;
        return copy;
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
        LearnJobSettings copy = copy();
        copy.specText = yaml.length() > LONGEST_TEXT ? null : yaml;
        return copy;
    }

    /** The same with another interval between checkpoints. */
    public LearnJobSettings withCheckpointInterval(Duration interval) {
        LearnJobSettings copy = copy();
        copy.checkpointInterval = interval;
        return copy;
    }

    /** The same for a lineage that starts from a base snapshot in the store. */
    public LearnJobSettings withRoot(RootBase base) {
        LearnJobSettings copy = copy();
        copy.root = base;
        return copy;
    }

    /** The same for a lineage that passes over a part of the log. */
    public LearnJobSettings without(Exclusions excluded) {
        LearnJobSettings copy = copy();
        copy.without = excluded;
        return copy;
    }

    /** The same for a lineage that passes subjects over, from the log's beginning on. */
    public LearnJobSettings erasing(Erasures subjects) {
        LearnJobSettings copy = copy();
        copy.erased = subjects;
        return copy;
    }

    /** The same for a lineage that learns from examples of older feature sets, too. */
    public LearnJobSettings reading(List<FeatureSet> sets) {
        LearnJobSettings copy = copy();
        copy.older = sets.stream().map(FeatureSet::text).distinct().toList();
        return copy;
    }

    /**
     * The same for a job that, at its first start, begins with bases of its own lineage that are what the log gives at their
     * offsets. That saves the time before them and changes nothing.
     *
     * @param bases at most one a shard, each with a file in the store
     */
    public LearnJobSettings startingWith(List<ShardBase> bases) {
        Codec<ShardBase> codec = Codec.of(ShardBase.class);
        Map<Integer, byte[]> encoded = new TreeMap<>();
        bases.forEach(base -> encoded.put(base.getShard(), codec.encode(base)));
        LearnJobSettings copy = copy();
        copy.start = encoded;
        return copy;
    }

    /**
     * The same for a job that learns the last example before a checkpoint once more when it goes on from there: for showing
     * that a verification finds it.
     */
    public LearnJobSettings withRestoreTooEarly() {
        LearnJobSettings copy = copy();
        copy.restoringTooEarly = true;
        return copy;
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

    /** What of the log is passed over. */
    public Exclusions without() {
        return without;
    }

    /** Of whom nothing is learned, from the log's beginning on. */
    public Erasures erased() {
        return erased;
    }

    /** Older feature sets whose examples are learned, too. */
    public List<FeatureSet> older() {
        return older.stream()
                .map(text -> FeatureSet.parse("an older one", text))
                .toList();
    }

    /** A shard that has learned nothing. */
    public ShardLearner learner(int shard) {
        return new ShardLearner(spec, older(), erased, lineage(), shard);
    }

    /** The base that a shard begins with at the job's first start, if not with nothing or the root. */
    Optional<ShardBase> start(int shard) {
        return Optional.ofNullable(start.get(shard)).map(Codec.of(ShardBase.class)::decode);
    }

    /** All of them, by shard. */
    List<ShardBase> start() {
        return start.values().stream().map(Codec.of(ShardBase.class)::decode).toList();
    }

    public Duration checkpointInterval() {
        return checkpointInterval;
    }

    boolean restoringTooEarly() {
        return restoringTooEarly;
    }

    /** The lineage that the job learns. */
    public String lineage() {
        return Lineage.of(spec, topicId, partitions, root == null ? null : root.digest(), without, older(), erased);
    }
}
