package io.millrace.ingestion.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TestingFiles;
import io.millrace.ingestion.table.TimeFormat;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final KafkaSettings SETTINGS = new KafkaSettings(Map.of(), "test-");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final ReplayMapping MAPPING = ReplayMapping.of("departure", "t", TimeFormat.epoch(TimeUnit.SECONDS))
            .withEntity("origin", "o")
            .withValues(
                    ValueColumn.numeric("d").named("delay"), ValueColumn.bool("late"), ValueColumn.texts("tags", "|"));

    @TempDir
    private Path directory;

    private TestingFiles files;
    private final TestingTicker ticker = new TestingTicker();
    private final List<ReplayProgress> reports = new ArrayList<>();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    @BeforeEach
    void open() {
        files = new TestingFiles(directory);
    }

    @Test
    void makesAnEventOfEachRow() throws InterruptedException {
        Path path = files.write("f.csv", "t,o,d,late,tags\n1,LAS,-3.5,1,a|b\n2,,,,\n");
        replay(ReplayPlan.of(path, MAPPING));
        List<Event> events = events();
        assertThat(events).hasSize(2);
        assertThat(events.get(0).getKind()).isEqualTo("departure");
        assertThat(events.get(0).getTimeMicros()).isEqualTo(1_000_000);
        assertThat(events.get(0).getEntities()).isEqualTo(Map.of("origin", "LAS"));
        assertThat(events.get(0).getValues()).isEqualTo(Map.of("delay", -3.5, "late", true, "tags", List.of("a", "b")));
        assertThat(events.get(1).getEntities()).isEmpty();
        assertThat(events.get(1).getValues()).isEmpty();
        assertThat(sent(Topic.EVENTS)).extracting(record -> text(record.key())).containsExactly("LAS", "departure");
    }

    @Test
    void givesARepeatedFileTheSameIdsPackedOrNot() throws InterruptedException {
        String text = "t,o,d,late,tags\n1,LAS,1,0,\n2,ATL,2,0,\n";
        Path plain = files.write("f.csv", text);
        Path packed = files.write("f.csv.gz", TestingFiles.gzip(text));
        replay(ReplayPlan.of(plain, MAPPING));
        replay(ReplayPlan.of(packed, MAPPING));
        List<String> ids = events().stream().map(Event::getId).toList();
        assertThat(ids.subList(0, 2)).isEqualTo(ids.subList(2, 4)).doesNotHaveDuplicates();
        files.write("f.csv", text.replace("LAS", "LAX"));
        replay(ReplayPlan.of(plain, MAPPING));
        assertThat(events().get(4).getId()).isNotEqualTo(ids.get(0));
        assertThat(events().get(5).getId()).isEqualTo(ids.get(1));
    }

    @Test
    void stopsAtABadRowWithEverythingBeforeItWritten() {
        Path path = files.write("f.csv", "t,o,d,late,tags\n1,LAS,1,0,\n2,LAS,x,0,\n3,LAS,1,0,\n");
        assertThatThrownBy(() -> replay(ReplayPlan.of(path, MAPPING)))
                .isInstanceOf(DataException.class)
                .hasMessage(path + ", line 3, column d: x (expected: a finite number)");
        assertThat(events()).hasSize(1);
        assertThat(reports).last().satisfies(last -> {
            assertThat(last.acknowledged()).isEqualTo(1);
            assertThat(last.resumeLine()).isEqualTo(3);
        });
    }

    @Test
    void sendsBadRowsToDeadLettersAndGoesOn() throws InterruptedException {
        Path path = files.write(
                "f.csv", "t,o,d,late,tags\nx,LAS,1,0,\n1,LAS,1,maybe,\n\n2,\"a,b\",oh,0,\n3,4\n5,LAS,1,0,\n");
        ReplayProgress end = replay(ReplayPlan.of(path, MAPPING).withBadRows(ReplayPlan.BadRows.SKIP));
        assertThat(end.skipped()).isEqualTo(4);
        assertThat(end.acknowledged()).isEqualTo(1);
        Codec<DeadLetter> codec = Codec.of(DeadLetter.class);
        List<DeadLetter> letters = sent(Topic.DEAD_LETTERS).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        path + ", line 2, column t: x (expected: seconds since 1970)",
                        path + ", line 3, column late: maybe (expected: true, false, 1 or 0)",
                        path + ", line 5, column d: oh (expected: a finite number)",
                        path + ", line 6: 2 fields (expected: 5 fields as in the header)");
        assertThat(letters)
                .extracting(letter ->
                        StandardCharsets.UTF_8.decode(letter.getBytes()).toString())
                .containsExactly("x,LAS,1,0,", "1,LAS,1,maybe,", "2,\"a,b\",oh,0,", "3,4");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.getTopic()).isEqualTo("file:f.csv");
            assertThat(letter.getPartition()).isEqualTo(-1);
        });
    }

    @Test
    void sendsNothingWhereAColumnIsMissing() {
        Path path = files.write("f.csv", "t,o,d,tags\n1,LAS,1,\n");
        assertThatThrownBy(() -> replay(ReplayPlan.of(path, MAPPING)))
                .hasMessage(path + ", line 1, column late: missing (expected: a header with it; it has t, o, d, tags)");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void goesOnFromALine() throws InterruptedException {
        Path path = files.write("f.csv", "t,o,d,late,tags\n1,\"L\nAS\",1,0,\n2,ATL,1,0,\n3,MCI,1,0,\n");
        ReplayProgress end = replay(ReplayPlan.of(path, MAPPING).from(4));
        assertThat(events()).extracting(Event::getTimeMicros).containsExactly(2_000_000L, 3_000_000L);
        assertThat(end.resumeLine()).isEqualTo(6);
    }

    @Test
    void keepsTheOrderOfTheFileAndThePaceOfTheEvents() throws InterruptedException {
        Path path = files.write(
                "f.ndjson", "{\"t\":100,\"d\":1}\n{\"t\":90,\"d\":2}\n{\"t\":160,\"d\":3}\n{\"t\":130,\"d\":4}\n");
        replay(ReplayPlan.of(path, MAPPING).withSpeed(10));
        assertThat(events())
                .extracting(Event::getTimeMicros)
                .containsExactly(100_000_000L, 90_000_000L, 160_000_000L, 130_000_000L);
        assertThat(ticker.slept()).isEqualTo(Duration.ofSeconds(6));
        assertThat(reports).hasSizeGreaterThanOrEqualTo(6);
        assertThat(reports).extracting(ReplayProgress::sent).isSorted();
    }

    @Test
    void saysFromWhichLineToGoOnWhenKafkaFails() {
        MockProducer<byte[], byte[]> failing =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        Path path = files.write("f.csv", "t,o,d,late,tags\n1,A,1,0,\n2,B,1,0,\n3,C,1,0,\n");
        Replay replay =
                new Replay(ReplayPlan.of(path, MAPPING).withSpeed(1), SETTINGS, failing, CLOCK, ticker, progress -> {
                    if (progress.sent() == 2 && failing.completeNext()) {
                        failing.errorNext(new TimeoutException("expired"));
                    }
                });
        assertThatThrownBy(() -> {
                    try (Table table = Table.open(path)) {
                        replay.run(table);
                    }
                })
                .isInstanceOf(ReplayException.class)
                .hasMessage(path + ", line 3: not taken by Kafka, expired"
                        + " (expected: acknowledged; start again from this line)");
    }

    private ReplayProgress replay(ReplayPlan plan) throws InterruptedException {
        try (Table table = Table.open(plan.file())) {
            table.require(plan.mapping().columns());
            return new Replay(plan, SETTINGS, producer, CLOCK, ticker, reports::add).run(table);
        }
    }

    private List<Event> events() {
        Codec<Event> codec = Codec.of(Event.class);
        return sent(Topic.EVENTS).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    private List<ProducerRecord<byte[], byte[]>> sent(Topic topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(SETTINGS.name(topic)))
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
