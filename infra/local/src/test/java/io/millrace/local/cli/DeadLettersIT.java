package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.DeadLetter;
import io.millrace.record.Feedback;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/** One broker with letters of several kinds; the tests look first, and send then. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NIGHT = Instant.parse("2030-01-02T03:00:00Z");
    private static final byte[] GARBAGE = "no record".getBytes(StandardCharsets.UTF_8);

    private TestingKafka kafka;
    private byte[] click;

    @BeforeAll
    void fill() throws Exception {
        kafka = TestingKafka.start(1);
        click = Codec.of(Feedback.class)
                .encode(Feedback.newBuilder()
                        .setId("f-1")
                        .setDecisionId("d-1")
                        .setKind("click")
                        .setTimeMicros(5)
                        .build());
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            ProducerRecord<byte[], byte[]> first =
                    new ProducerRecord<>("feedback", 0, "d-1".getBytes(StandardCharsets.UTF_8), click);
            first.headers().add(new RecordHeader("trace", new byte[] {7}));
            producer.send(first);
            producer.send(new ProducerRecord<>("feedback", 0, null, GARBAGE));
            letter(producer, "join", "feedback", 0, click, "schema fingerprint 1a2b (expected: known)", 0);
            // Told twice: after a restart a rejection may be written again.
            letter(producer, "join", "feedback", 0, click, "schema fingerprint 1a2b (expected: known)", 1);
            letter(producer, "join", "feedback", 1, GARBAGE, "Feedback: no header in 9 bytes (expected: a record)", 2);
            letter(producer, "trainer", "examples", 4, GARBAGE, "example at offset 4 (expected: finite)", 3);
            letter(producer, "trainer", "examples", 5, GARBAGE, "example at offset 5 (expected: finite)", 4);
            letter(producer, "replay-of-files", "clicks.csv", 6, GARBAGE, "line 6 (expected: 3 columns)", 5);
            letter(producer, "serving", "items", 900, GARBAGE, "item (expected: a name)", 6);
            letter(producer, "collector", "events", -1, GARBAGE, "event (expected: an entity)", 7);
        }
    }

    private void letter(
            Producer<byte[], byte[]> producer,
            String component,
            String topic,
            long offset,
            byte[] bytes,
            String reason,
            long minutes) {
        Clock clock = Clock.fixed(NIGHT.plus(Duration.ofMinutes(minutes)), ZoneOffset.UTC);
        int partition = offset < 0 ? -1 : 0;
        producer.send(new DeadLetters(component, kafka.settings(), producer, clock)
                .record(DeadLetters.letter(component, topic, partition, offset, bytes, reason, clock)));
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    @Order(1)
    void listsByTopicComponentAndReason() {
        assertThat(run(0, "list"))
                .contains("feedback  join  2  2030-01-02T03:00:00Z to 2030-01-02T03:01:00Z\n"
                        + "    feedback-0 at 0: schema fingerprint 1a2b (expected: known)\n")
                .contains("examples  trainer  2  2030-01-02T03:03:00Z to 2030-01-02T03:04:00Z\n"
                        + "    examples-0 at 4: example at offset 4 (expected: finite)\n")
                .contains("    events, never written: event (expected: an entity)\n")
                .doesNotContain("replayed");
    }

    @Test
    @Order(1)
    void showsTheRecordDecodedOrItsBytes() {
        assertThat(run(0, "show", "feedback", "0", "0"))
                .contains("2030-01-02T03:00:00Z  join: schema fingerprint 1a2b (expected: known)")
                .contains("\"decisionId\": \"d-1\"");
        assertThat(run(0, "show", "feedback", "0", "1"))
                .contains("9 bytes", "00000000  6e 6f 20 72 65 63 6f 72 64 ", "no record");
        assertThat(run(2, "show", "feedback", "0", "77")).contains("feedback-0 at 77: none (expected: ");
    }

    @Test
    @Order(2)
    void saysWhatItWouldSendAndWhatMayNotBeSentAgain() {
        assertThat(run(0, "replay", "--topic", "feedback", "--dry-run")).isEqualTo("feedback: 2 would be sent again\n");
        assertThat(run(0, "replay", "--until", "2030-01-02T03:02:00Z", "--dry-run"))
                .isEqualTo("feedback: 1 would be sent again\n");
        assertThat(run(2, "replay", "--topic", "examples")).contains("--topic: examples: the training log (expected: ");
        assertThat(run(2, "replay", "--topic", "clicks.csv")).contains("clicks.csv: not a topic of this pipeline");
        assertThat(run(2, "replay")).contains("nothing selected (expected: --topic");
        assertThat(run(1, "replay", "--since", "2030-01-02T03:03:00Z", "--dry-run"))
                .contains("2 not sent: examples: the training log")
                .contains("1 not sent: events: never written")
                .contains("1 not sent: items: gone from the topic")
                .contains("1 not sent: clicks.csv: not a topic")
                .doesNotContain("would be");
        assertThat(records(Topic.FEEDBACK, 2)).hasSize(2);
    }

    @Test
    @Order(3)
    void sendsARecordAgainAsItWasAndNeverTwice() {
        assertThat(run(0, "replay", "--topic", "feedback", "--reason", "fingerprint"))
                .isEqualTo("feedback: 1 sent again\n");
        ConsumerRecord<byte[], byte[]> again = records(Topic.FEEDBACK, 3).get(2);
        assertThat(again.value()).isEqualTo(click);
        assertThat(again.key()).isEqualTo("d-1".getBytes(StandardCharsets.UTF_8));
        assertThat(again.headers().lastHeader("trace").value()).containsExactly(7);
        assertThat(new String(again.headers().lastHeader("millrace-replay-of").value(), StandardCharsets.UTF_8))
                .isEqualTo("feedback-0 at 0");
        assertThat(run(0, "replay", "--topic", "feedback", "--reason", "fingerprint"))
                .isEqualTo("1 had been sent again before\n");
        assertThat(run(0, "replay", "--topic", "feedback"))
                .isEqualTo("feedback: 1 sent again\n1 had been sent again before\n");
        assertThat(run(0, "replay", "--topic", "feedback")).isEqualTo("2 had been sent again before\n");
        assertThat(records(Topic.FEEDBACK, 4)).hasSize(4);
        assertThat(run(0, "list")).contains("feedback  join  2 (2 replayed)  ");
        assertThat(run(0, "show", "feedback", "0", "0")).contains("replay: sent to feedback-0 again");
        assertThat(letters())
                .filteredOn(letter -> letter.getComponent().equals("replay"))
                .hasSize(2);
    }

    @Test
    @Order(4)
    void doesNotSendWhatWasRejectedAgain() {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            letter(producer, "join", "feedback", 2, click, "rejected again", 9);
        }
        assertThat(run(1, "replay", "--reason", "rejected again"))
                .isEqualTo("1 not sent: feedback: rejected again after it was sent again"
                        + " (expected: a record that was not)\n");
    }

    private List<DeadLetter> letters() {
        Codec<DeadLetter> codec = Codec.of(DeadLetter.class);
        return records(Topic.DEAD_LETTERS, 10).stream()
                .map(read -> codec.decode(read.value()))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic, int count) {
        return kafka.read(topic, PATIENCE, records -> records.size() >= count);
    }

    /** What the command prints, on whichever stream. */
    private String run(int exitCode, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "deadletters";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--kafka";
        all[arguments.length + 2] = kafka.settings().client().get("bootstrap.servers");
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(to);
            System.setErr(to);
            assertThat(Millrace.run(all))
                    .as(printed.toString(StandardCharsets.UTF_8))
                    .isEqualTo(exitCode);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
