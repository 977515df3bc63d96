package io.millrace.ingestion.collect;

import static io.millrace.ingestion.collect.TestingClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingestion.collect.TestingClient.Answer;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Part;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The join is played by what it leaves: offsets that its group has committed, or has stopped to commit. */
class JoinBacklogIT {
    private static final String FEEDBACK = "/v1/feedback";
    private static final String BODY = "{\"request_id\":\"r\",\"kind\":\"click\"}";
    private static final String EVENT =
            "{\"kind\":\"departure\",\"entities\":{\"flight\":\"UA 1\"},\"values\":{\"late\":1}}";

    private TestingKafka kafka;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.start(1);
        admin = Admin.create(kafka.settings().admin());
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void refusesFeedbackThatAStoppedJoinMightNeverReadAndTakesItWhenTheJoinHasCaughtUp() throws Exception {
        write(Topic.DECISIONS, Duration.ofDays(4), 3);
        write(Topic.FEEDBACK, Duration.ofDays(4), 10);
        write(Topic.FEEDBACK, Duration.ofHours(1), 5);
        joinHasRead(Topic.DECISIONS, 3);
        joinHasRead(Topic.FEEDBACK, 9);
        try (TestingCollector collector = new TestingCollector(kafka.settings(), CollectorLimits.DEFAULT)) {
            TestingClient client = collector.client();
            await(() -> client.post(FEEDBACK, JSON, BODY).status() == 429);
            Answer refused = client.post(FEEDBACK, JSON, BODY);
            assertThat(refused.response().headers().firstValue("retry-after")).contains("30");
            assertThat(refused.body().path("problems").path(0).toString())
                    .contains("backlog of the join in feedback-0")
                    .containsPattern("\\d+ unread, the first since PT96H")
                    .contains("at most PT84H");
            assertThat(collector.rejected("feedback", "behind")).isGreaterThanOrEqualTo(2);
            assertThat(collector.backlogSeconds("feedback")).isBetween(345_600.0, 346_000.0);
            assertThat(collector.backlogSeconds("decisions")).isZero();
            assertThat(client.post("/v1/events", JSON, EVENT).status()).isEqualTo(202);

            joinHasRead(Topic.FEEDBACK, 10);
            await(() -> client.post(FEEDBACK, JSON, BODY).status() == 202);
            await(() -> collector.backlogSeconds("feedback") < 7_200);
        }
    }

    @Test
    void aJoinThatNeverReadAnythingIsBehindByAllThereIs() throws Exception {
        write(Topic.DECISIONS, Duration.ofHours(2), 1);
        try (TestingCollector collector =
                new TestingCollector(kafka.settings(), CollectorLimits.DEFAULT.withMaxBacklog(Duration.ofHours(1)))) {
            await(() -> collector.client().post(FEEDBACK, JSON, BODY).status() == 429);
            joinHasRead(Topic.DECISIONS, 1);
            await(() -> collector.client().post(FEEDBACK, JSON, BODY).status() == 202);
        }
    }

    @Test
    void theEndOfATransactionIsNoBacklog() throws Exception {
        Properties properties = kafka.settings().producer();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "replay");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(Topic.FEEDBACK, Duration.ofDays(5)));
            producer.commitTransaction();
        }
        joinHasRead(Topic.FEEDBACK, 1);
        try (TestingCollector collector =
                new TestingCollector(kafka.settings(), CollectorLimits.DEFAULT.withMaxBacklog(Duration.ofSeconds(1)))) {
            await(() -> collector.backlogSeconds("feedback") == 0);
            assertThat(collector.client().post(FEEDBACK, JSON, BODY).status()).isEqualTo(202);
        }
    }

    private void write(Topic topic, Duration ago, int records) {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = 0; i < records; i++) {
                producer.send(record(topic, ago));
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, Duration ago) {
        long time = System.currentTimeMillis() - ago.toMillis();
        return new ProducerRecord<>(topic.text(), 0, time, null, "any".getBytes(StandardCharsets.UTF_8));
    }

    private void joinHasRead(Topic topic, long upTo) throws Exception {
        admin.alterConsumerGroupOffsets(
                        Part.transactionalIdPrefix(kafka.settings()),
                        Map.of(new TopicPartition(topic.text(), 0), new OffsetAndMetadata(upTo)))
                .all()
                .get();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
