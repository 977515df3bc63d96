package io.millrace.ingestion.collect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The meters of one way in, tagged with its topic. Safe for use by several threads. */
final class CollectorMetrics {
    static final String ACCEPTED = "millrace.collector.accepted";
    static final String REJECTED = "millrace.collector.rejected";
    static final String ACK = "millrace.collector.ack";

    private static final String TOPIC = "topic";

    private final Counter accepted;
    private final Timer ack;
    private final Map<Refusal, Counter> rejected = new EnumMap<>(Refusal.class);

    CollectorMetrics(MeterRegistry registry, Topic topic) {
        this.accepted = Counter.builder(ACCEPTED)
                .description("Records that Kafka has acknowledged")
                .tag(TOPIC, topic.text())
                .register(registry);
        this.ack = Timer.builder(ACK)
                .description("From the first record's sending to the last record's acknowledgement")
                .publishPercentiles(0.5, 0.99)
                .tag(TOPIC, topic.text())
                .register(registry);
        for (Refusal refusal : Refusal.values()) {
            Counter counter = Counter.builder(REJECTED)
                    .description("Requests that were not accepted")
                    .tag(TOPIC, topic.text())
                    .tag("reason", refusal.text())
                    .register(registry);
            rejected.put(refusal, counter);
        }
    }

    void accepted(int records, Duration latency) {
        accepted.increment(records);
        ack.record(latency);
    }

    void rejected(Refusal refusal) {
        Counter counter = rejected.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }
}
