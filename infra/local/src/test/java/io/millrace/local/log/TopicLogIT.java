package io.millrace.local.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class TopicLogIT {
    /** More than are read ahead, however far that is. */
    private static final int RECORDS = 40_000;

    private TestingKafka kafka;
    private TopicLog log;

    @BeforeAll
    void begin() throws Exception {
        kafka = TestingKafka.start(1);
        log = new TopicLog(kafka.settings());
        write(0, RECORDS);
    }

    @AfterAll
    void end() {
        kafka.close();
    }

    private void write(int from, int to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = from; i < to; i++) {
                byte[] value = ByteBuffer.allocate(4).putInt(i).array();
                sent.add(producer.send(new ProducerRecord<>(kafka.settings().name(Topic.EVENTS), 0, null, value)));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private static long number(ConsumerRecord<byte[], byte[]> read) {
        return ByteBuffer.wrap(read.value()).getInt();
    }

    @Test
    void endsWhereTheTopicEndedWhenItWasAskedFor() throws Exception {
        TopicLog.Extent extent = log.extents(Topic.EVENTS).get(0);
        write(RECORDS, RECORDS + 10);
        List<Long> read = new ArrayList<>();
        log.read(Topic.EVENTS, extent, record -> read.add(number(record)));
        assertThat(read)
                .containsExactlyElementsOf(
                        LongStream.range(0, extent.end()).boxed().toList());
    }

    @Test
    void endsWithTheThreadThatReadsAheadWhereNoMoreIsWanted() throws Exception {
        TopicLog.Extent extent = log.extents(Topic.EVENTS).get(0);
        List<Long> read = new ArrayList<>();
        log.read(Topic.EVENTS, extent, record -> {
            read.add(number(record));
            return read.size() < 3;
        });
        assertThat(read).containsExactly(0L, 1L, 2L);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millrace-read-ahead");
    }

    @Test
    void readsTheLastRecordsOnly() throws Exception {
        TopicLog.Extent extent = log.extents(Topic.EVENTS).get(0).last(5);
        List<Long> read = new ArrayList<>();
        log.read(Topic.EVENTS, extent, record -> read.add(number(record)));
        assertThat(read)
                .containsExactlyElementsOf(
                        LongStream.range(extent.end() - 5, extent.end()).boxed().toList());
    }
}
