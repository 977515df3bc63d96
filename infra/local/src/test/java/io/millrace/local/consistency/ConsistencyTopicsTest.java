package io.millrace.local.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ConsistencyTopicsTest {
    private static final ConsistencyReport REPORT = new ConsistencyReport(
            "shop", 10, 10, 0, List.of(new OfFeature("n", 10, 10, 1, 1, 0, 1, 0.1, 1, 0.1, "first")), 0.5);

    @Test
    void saysThatWhatItFoundCouldNotBeWritten() {
        MockProducer<byte[], byte[]> kafka =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        completeNext();
                        errorNext(new TimeoutException("no broker answers"));
                    }
                };
        try (ConsistencyTopics topics =
                new ConsistencyTopics(KafkaSettings.of("nowhere:1"), Clock.systemUTC(), kafka)) {
            assertThatThrownBy(() -> topics.publish(REPORT, 0))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("what the check found could not be published: no broker answers (expected: ");
        }
        assertThat(kafka.history()).as("a metric and an alert").hasSize(2);
    }
}
