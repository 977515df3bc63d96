package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class LabelDelaysTest {
    private final Map<String, Counter> counters = new TreeMap<>();
    private final LabelDelays delays = new LabelDelays(new Named("join"));

    /** Counters by their names and the groups that they are in. */
    private final class Named extends UnregisteredMetricsGroup {
        private final String path;

        Named(String path) {
            this.path = path;
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Named(path + " " + key + "=" + value);
        }

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(path + " " + name, absent -> new SimpleCounter());
        }
    }

    @Test
    void countsHowLateLabelsAreBySign() {
        add(ExampleKind.ORIGINAL, 1, 500);
        add(ExampleKind.ORIGINAL, 2, 1_000);
        add(ExampleKind.ORIGINAL, 0, 1_800_000);
        add(ExampleKind.ORIGINAL, 0, -3);
        add(ExampleKind.CORRECTION, 1, TimeUnit.DAYS.toMillis(9));
        assertThat(count("kind=original sign=positive le=1 label_delay_bucket")).isEqualTo(2);
        assertThat(count("kind=original sign=positive le=+Inf label_delay_bucket"))
                .isEqualTo(2);
        assertThat(count("kind=original sign=positive label_delay_millis")).isEqualTo(1_500);
        assertThat(count("kind=original sign=negative le=600 label_delay_bucket"))
                .isOne();
        assertThat(count("kind=original sign=negative le=3600 label_delay_bucket"))
                .isEqualTo(2);
        assertThat(count("kind=original sign=negative label_delay_count")).isEqualTo(2);
        assertThat(count("kind=correction sign=positive le=604800 label_delay_bucket"))
                .isZero();
        assertThat(count("kind=correction sign=positive le=+Inf label_delay_bucket"))
                .isOne();
        assertThat(count("kind=correction sign=negative label_delay_count")).isZero();
    }

    private long count(String name) {
        return counters.get("join " + name).getCount();
    }

    private void add(ExampleKind kind, double reward, long delayMillis) {
        delays.add(Example.newBuilder()
                .setDecisionId("d")
                .setSlot(0)
                .setKind(kind)
                .setFeatureSet("movies")
                .setFeatureSetVersion(1)
                .setFeatures(ByteBuffer.allocate(0))
                .setReward(reward)
                .setPropensity(1)
                .setArm("learned")
                .setDecisionTimeMicros(0)
                .setLabelDelayMicros(TimeUnit.MILLISECONDS.toMicros(delayMillis))
                .build());
    }
}
