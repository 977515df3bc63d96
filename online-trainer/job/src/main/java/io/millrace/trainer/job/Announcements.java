package io.millrace.trainer.job;

import io.millrace.record.Alert;
import io.millrace.record.DeadLetter;
import io.millrace.record.Delta;
import io.millrace.record.Metric;
import io.millrace.record.Severity;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Puts what a shard has to say into records for their topics. Safe for use by several threads. */
final class Announcements {
    static final String SERIES = "progressive";

    private static final String COMPONENT = "trainer";

    private final String model;
    private final String examplesTopic;
    private final Codec<Delta> deltas = Codec.of(Delta.class);
    private final Codec<Metric> metrics = Codec.of(Metric.class);
    private final Codec<Alert> alerts = Codec.of(Alert.class);
    private final Codec<DeadLetter> letters = Codec.of(DeadLetter.class);

    /**
     * @param model the model's name
     * @param examplesTopic the name of {@code examples} in the cluster
     */
    Announcements(String model, String examplesTopic) {
        this.model = model;
        this.examplesTopic = examplesTopic;
    }

    List<Published> delta(WeightDelta delta, long nowMillis) {
        List<Published> parts = new ArrayList<>();
        for (Delta part : DeltaCodec.encode(delta, TimeUnit.MILLISECONDS.toMicros(nowMillis))) {
            parts.add(new Published(Topic.MODEL_UPDATES, model + "/" + delta.shard(), deltas.encode(part)));
        }
        return parts;
    }

    /**
     * The shard's figures since its lineage began, and, with {@code window_} before their names, since the last ones.
     *
     * @param showing what is shown of it
     */
    Published progress(ShardLearner learner, Map<String, Double> showing, long nowMillis) {
        Map<String, Double> values = new HashMap<>(learner.total().figures());
        learner.window().figures().forEach((name, value) -> values.put("window_" + name, value));
        values.putAll(showing);
        values.put("offset", (double) learner.offset());
        values.put("rejected", (double) learner.rejected());
        Metric metric = Metric.newBuilder()
                .setSeries(SERIES)
                .setTags(Map.of("model", model, "shard", Integer.toString(learner.shard())))
                .setTimeMicros(TimeUnit.MILLISECONDS.toMicros(nowMillis))
                .setValues(values)
                .build();
        return new Published(Topic.METRICS, SERIES, metrics.encode(metric));
    }

    Published deadLetter(LogRecord record, String reason, long nowMillis) {
        Clock now = Clock.fixed(Instant.ofEpochMilli(nowMillis), ZoneOffset.UTC);
        DeadLetter letter = DeadLetters.letter(
                COMPONENT, examplesTopic, record.partition(), record.offset(), record.value(), reason, now);
        return new Published(Topic.DEAD_LETTERS, examplesTopic, letters.encode(letter));
    }

    /** That versions are held back, and how to go on. */
    static String held(ShardLearner learner, Problem reason) {
        return "shard " + learner.shard() + ", " + reason + ": versions after offset " + learner.cutOffset()
                + " are not published, learning goes on. They will be once this is as expected. If the labels are right"
                + " and the world has changed, raise snapshot.guard.margin in the spec and start again: the lineage stays."
                + " If they are wrong, see docs/operations.md";
    }

    static String released(ShardLearner learner) {
        return "shard " + learner.shard() + ": versions are published again, from offset " + learner.offset() + " on";
    }

    Published alert(Severity severity, String text, long nowMillis) {
        Alert alert = Alert.newBuilder()
                .setSeries(COMPONENT + "/" + model)
                .setSeverity(severity)
                .setText(text)
                .setTimeMicros(TimeUnit.MILLISECONDS.toMicros(nowMillis))
                .build();
        return new Published(Topic.ALERTS, alert.getSeries(), alerts.encode(alert));
    }
}
