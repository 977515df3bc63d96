package io.millrace.features.job;

import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * How long after its decision a label was known, as a histogram of counters as Prometheus has them: {@code label_delay_bucket}
 * counts those of at most {@code le} seconds, by kind (original, correction) and sign (positive, where the label is above 0, or
 * negative), beside {@code label_delay_count} and {@code label_delay_millis}, their sum. For one thread.
 */
final class LabelDelays {
    private static final long[] SECONDS = {1, 10, 60, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400};

    private final Map<ExampleKind, List<Histogram>> histograms = new EnumMap<>(ExampleKind.class);

    LabelDelays(MetricGroup join) {
        for (ExampleKind kind : ExampleKind.values()) {
            MetricGroup ofKind = join.addGroup("kind", kind.name().toLowerCase(Locale.ROOT));
            histograms.put(
                    kind,
                    List.of(
                            new Histogram(ofKind.addGroup("sign", "negative")),
                            new Histogram(ofKind.addGroup("sign", "positive"))));
        }
    }

    void add(Example example) {
        histograms
                .get(example.getKind())
                .get(example.getReward() > 0 ? 1 : 0)
                .add(TimeUnit.MICROSECONDS.toMillis(Math.max(0, example.getLabelDelayMicros())));
    }

    private static final class Histogram {
        private final List<Counter> buckets = new ArrayList<>();
        private final Counter count;
        private final Counter millis;

        Histogram(MetricGroup group) {
            for (long seconds : SECONDS) {
                buckets.add(group.addGroup("le", Long.toString(seconds)).counter("label_delay_bucket"));
            }
            buckets.add(group.addGroup("le", "+Inf").counter("label_delay_bucket"));
            count = group.counter("label_delay_count");
            millis = group.counter("label_delay_millis");
        }

        void add(long delayMillis) {
            count.inc();
            millis.inc(delayMillis);
            for (int i = 0; i < buckets.size(); i++) {
                if (i == SECONDS.length || delayMillis <= TimeUnit.SECONDS.toMillis(SECONDS[i])) {
                    buckets.get(i).inc();
                }
            }
        }
    }
}
