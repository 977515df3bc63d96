package io.millrace.wire;

import io.millrace.record.Alert;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Delta;
import io.millrace.record.Erasure;
import io.millrace.record.Event;
import io.millrace.record.Example;
import io.millrace.record.FeatureValues;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.record.Manifest;
import io.millrace.record.Metric;
import io.millrace.record.ModelControl;
import io.millrace.record.Name;
import io.millrace.record.Outcome;
import io.millrace.record.SourceOffset;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The topic catalogue: every topic, what its key is, what record it holds and how long it is kept. */
public enum Topic {
    EVENTS("events", "entity", Event.getClassSchema(), Retention.BY_TIME),
    ITEMS("items", "item", Item.getClassSchema(), Retention.COMPACTED),
    DECISIONS("decisions", "decision id", Decision.getClassSchema(), Retention.BY_TIME),
    FEEDBACK("feedback", "decision id, or the caller's own id", Feedback.getClassSchema(), Retention.BY_TIME),
    OUTCOMES("outcomes", "decision id", Outcome.getClassSchema(), Retention.BY_TIME),
    EXAMPLES("examples", "decision id", Example.getClassSchema(), Retention.FOREVER),
    NAMES("names", "hash", Name.getClassSchema(), Retention.COMPACTED),
    FEATURE_VALUES("feature-values", "entity and feature", FeatureValues.getClassSchema(), Retention.COMPACTED),
    MODEL_MANIFESTS("model-manifests", "model and lineage", Manifest.getClassSchema(), Retention.COMPACTED),
    MODEL_UPDATES("model-updates", "model and shard", Delta.getClassSchema(), Retention.BY_TIME),
    METRICS("metrics", "series", Metric.getClassSchema(), Retention.BY_TIME),
    EXPERIMENT_STATS("experiment-stats", "series", Metric.getClassSchema(), Retention.BY_TIME),
    ALERTS("alerts", "series", Alert.getClassSchema(), Retention.BY_TIME),
    DEAD_LETTERS("dead-letters", "source topic", DeadLetter.getClassSchema(), Retention.BY_TIME),
    /** Schema texts by fingerprint: the one topic whose values are plain JSON, since nothing else could be read before. */
    SCHEMAS("schemas", "fingerprint in hex", null, Retention.COMPACTED),
    MODEL_CONTROL("model-control", "model", ModelControl.getClassSchema(), Retention.COMPACTED),
    /** Beside each there is one in every partition of {@link #EXAMPLES}, from which on it holds. */
    ERASURES("erasures", "hash of the subject", Erasure.getClassSchema(), Retention.COMPACTED),
    /** Of those sources whose Kafka is another one: a transaction does not reach there. */
    SOURCE_OFFSETS(
            "source-offsets",
            "source, cluster, topic and partition",
            SourceOffset.getClassSchema(),
            Retention.COMPACTED);

    /** How long a topic keeps its records. */
    public enum Retention {
        BY_TIME,
        COMPACTED,
        FOREVER
    }

    private final String text;
    private final String key;
    private final @Nullable Schema schema;
    private final Retention retention;

    Topic(String text, String key, @Nullable Schema schema, Retention retention) {
        this.text = text;
        this.key = key;
        this.schema = schema;
        this.retention = retention;
    }

    /** The topic's name, before any prefix. */
    public String text() {
        return text;
    }

    /** What the record key is, for people. */
    public String key() {
        return key;
    }

    /** The newest schema of its records; none for {@link #SCHEMAS}. */
    public Optional<Schema> schema() {
        return Optional.ofNullable(schema);
    }

    public Retention retention() {
        return retention;
    }

    /** The topic of that name, if it is ours. */
    public static Optional<Topic> of(String text) {
        return Arrays.stream(values()).filter(topic -> topic.text.equals(text)).findFirst();
    }
}
