package io.millrace.local.consistency;

import io.millrace.local.StartException;
import io.millrace.record.Alert;
import io.millrace.record.Metric;
import io.millrace.record.Severity;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes what was found: a metric for each feature, and an alert for each of which too much differs. */
public final class ConsistencyTopics implements AutoCloseable {
    /** The series of the metrics. */
    public static final String SERIES = "feature-consistency";

    private static final double PERCENT = 100;

    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock;
    private final Codec<Metric> metrics = Codec.of(Metric.class);
    private final Codec<Alert> alerts = Codec.of(Alert.class);

    public ConsistencyTopics(KafkaSettings kafka, Clock clock) {
        this(kafka, clock, new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** @param producer is closed with this */
    ConsistencyTopics(KafkaSettings kafka, Clock clock, Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.clock = clock;
        this.producer = producer;
    }

    /**
     * Returns when the records are written.
     *
     * @param bound the largest share that may differ
     * @throws StartException if one could not be written
     */
    public void publish(ConsistencyReport report, double bound) throws StartException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
        for (OfFeature feature : report.features()) {
            if (feature.compared() + feature.unknown() > 0) {
                sent.add(send(Topic.METRICS, SERIES, metrics.encode(metric(report, feature, now))));
            }
            if (feature.share() > bound) {
                Alert alert = alert(report, feature, bound, now);
                sent.add(send(Topic.ALERTS, alert.getSeries(), alerts.encode(alert)));
            }
        }
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new StartException(
                        "what the check found could not be published: "
                                + e.getCause().getMessage()
                                + " (expected: brokers that take metrics and alerts)",
                        e.getCause());
            }
        }
    }

    private Future<RecordMetadata> send(Topic topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(kafka.name(topic), key.getBytes(StandardCharsets.UTF_8), value));
    }

    private static Metric metric(ConsistencyReport report, OfFeature feature, long nowMicros) {
        Map<String, Double> values = new HashMap<>();
        values.put("compared", (double) feature.compared());
        values.put("from_log", (double) feature.fromLog());
        values.put("differ", (double) feature.differ());
        values.put("differ_by_job", (double) feature.differByJob());
        values.put("share", feature.share());
        values.put("unknown", (double) feature.unknown());
        values.put("largest_absolute", feature.largestAbsolute());
        values.put("mean_absolute", feature.meanAbsolute());
        values.put("largest_relative", feature.largestRelative());
        values.put("mean_relative", feature.meanRelative());
        return new Metric(
                SERIES, Map.of("pipeline", report.pipeline(), "feature", feature.feature()), nowMicros, values);
    }

    private static Alert alert(ConsistencyReport report, OfFeature feature, double bound, long nowMicros) {
        String text = String.format(
                Locale.ROOT,
                "features.%s: %,d of %,d logged values differ from the log, %.3g %%, at most by %.6g"
                        + " (expected: %s); first: %s. What it means: docs/operations.md",
                feature.feature(),
                feature.differ(),
                feature.compared(),
                feature.share() * PERCENT,
                feature.largestAbsolute(),
                bound == 0 ? "none" : String.format(Locale.ROOT, "at most %.3g %%", bound * PERCENT),
                feature.first());
        return new Alert("consistency/" + report.pipeline(), Severity.CRITICAL, text, nowMicros);
    }

    @Override
    public void close() {
        producer.close();
    }
}
