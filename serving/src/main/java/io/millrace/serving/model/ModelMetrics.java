package io.millrace.serving.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.record.Alert;
import io.millrace.record.Severity;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and reports what happens to the served model; a manifest that cannot be served is also an alert. */
final class ModelMetrics implements ModelEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ModelMetrics.class);
    private static final String SERIES = "serving.model";

    private final AtomicLong offset = new AtomicLong(-1);
    private final Timer delay;
    private final Counter deltas;
    private final Counter bases;
    private final Counter gaps;
    private final Counter refused;
    private final Counter unusable;
    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock;
    private @Nullable String told;
    private final Codec<Alert> codec = Codec.of(Alert.class);

    ModelMetrics(MeterRegistry registry, KafkaSettings kafka, Producer<byte[], byte[]> producer, Clock clock) {
        this.kafka = kafka;
        this.producer = producer;
        this.clock = clock;
        Gauge.builder("millrace.model.version.offset", offset, AtomicLong::doubleValue)
                .description("Offset of the first example that the served version has not learned; -1 before the first")
                .register(registry);
        this.delay = Timer.builder("millrace.model.delay")
                .description("From the publication of a delta to its use")
                .publishPercentileHistogram()
                .register(registry);
        this.deltas = counter(registry, "deltas.applied", "Deltas applied");
        this.bases = counter(registry, "bases.loaded", "Base snapshots loaded");
        this.gaps = counter(registry, "gaps", "Times that a delta built on a version that was not here");
        this.refused = counter(registry, "manifests.refused", "Manifests that this process cannot serve");
        this.unusable = counter(registry, "bases.unusable", "Base snapshots that could not be read");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace.model." + name)
                .description(description)
                .register(registry);
    }

    @Override
    public void serving(ServedModel model, boolean byDelta) {
        offset.set(model.snapshot().offset());
        if (byDelta) {
            deltas.increment();
            delay.record(Math.max(0, model.appliedMicros() - model.publishedMicros()), TimeUnit.MICROSECONDS);
        } else {
            bases.increment();
            LOG.info("serving {}", model.snapshot());
        }
    }

    @Override
    public void gap(String what) {
        gaps.increment();
        LOG.warn("{}: waiting for a newer base snapshot", what);
    }

    @Override
    public void refused(String why) {
        refused.increment();
        LOG.error("{}: not served", why);
        alert(Severity.CRITICAL, why);
    }

    @Override
    public void unusable(String why) {
        unusable.increment();
        String text = why + ": trying another, what is served stays";
        LOG.warn(text);
        if (!text.equals(told)) {
            told = text;
            alert(Severity.WARNING, text);
        }
    }

    private void alert(Severity severity, String text) {
        Alert alert = new Alert(SERIES, severity, text, TimeUnit.MILLISECONDS.toMicros(clock.millis()));
        producer.send(new ProducerRecord<>(
                kafka.name(Topic.ALERTS), SERIES.getBytes(StandardCharsets.UTF_8), codec.encode(alert)));
    }
}
