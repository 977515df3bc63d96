package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Topic;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TestingKafkaTest {
    @Test
    void keepsAcknowledgedRecordsAcrossARestart() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1)) {
            try (Producer<byte[], byte[]> producer = kafka.producer()) {
                producer.send(new ProducerRecord<>(kafka.settings().name(Topic.EVENTS), new byte[] {1}))
                        .get();
            }
            kafka.restart();
            assertThat(kafka.read(Topic.EVENTS, Duration.ofSeconds(60), records -> !records.isEmpty()))
                    .singleElement()
                    .satisfies(read -> assertThat(read.value()).containsExactly(1));
        }
    }
}
