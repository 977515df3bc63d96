package io.millrace.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.job.backfill.History;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.backfill.Preparation.Prepared;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.wire.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    private static final Instant UNTIL = Instant.parse("2026-01-31T00:00:00Z");
    private static final Clock NOW = Clock.fixed(UNTIL, ZoneOffset.UTC);
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            events: {sale: {entities: [item], oldest: 30d}}
            features: {sales: {count: sale, by: item}}
            """, "shop.yaml");
    private static final String REASON = "Event.timeMicros: 2025-12-31T23:59:59Z"
            + " (expected: at least 2026-01-01T00:00:00Z, as events.sale.oldest says)";

    @TempDir
    private Path directory;

    private final List<DeadLetter> letters = new ArrayList<>();

    private Prepared prepare(Path file) throws Exception {
        Path into = Files.createDirectory(directory.resolve("history"));
        return Preparation.run(List.of(file), UNTIL, SPEC, null, into.toString(), letters::add, NOW);
    }

    private static String line(String kind, String time) {
        return "{\"kind\": \"" + kind + "\", \"time\": \"" + time + "\", \"entities\": {\"item\": \"i\"}}";
    }

    @Test
    void takesWhatTheTopicWouldTakeAndTellsOfTheRest() throws Exception {
        List<String> lines = List.of(
                line("sale", "2025-12-31T23:59:59Z"),
                line("sale", "2026-01-01T00:00:00Z"),
                line("return", "2026-01-30T23:30:00Z"),
                line("sale", "2026-01-31T00:00:00Z"));
        Prepared prepared = prepare(Files.write(directory.resolve("sales.ndjson"), lines));
        FileCount count = prepared.counts().get(0);
        assertThat(List.of(count.read(), count.taken(), count.rejected(), count.undeclared(), count.fromEndOn()))
                .containsExactly(4L, 1L, 1L, 1L, 1L);
        assertThat(prepared.newest()).isEqualTo(Map.of(Topic.EVENTS, Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(History.of(prepared.files(), UNTIL).topics()).containsExactly(Topic.EVENTS);
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getReason()).endsWith("sales.ndjson, line 1: " + REASON));
    }

    @Test
    void aContainersEventThatIsTooOldIsADeadLetterWithItsNumber() throws Exception {
        Path file = directory.resolve("sales.avro");
        try (DataFileWriter<Event> writer = new DataFileWriter<>(new SpecificDatumWriter<>(Event.class))) {
            writer.create(Event.getClassSchema(), file.toFile());
            for (String time : List.of("2026-01-02T00:00:00Z", "2025-12-31T23:59:59Z")) {
                long micros = Instant.parse(time).toEpochMilli() * 1000;
                writer.append(new Event(time, "sale", micros, Map.of("item", "i"), Map.of()));
            }
        }
        assertThat(prepare(file).taken()).isEqualTo(1);
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getReason()).isEqualTo("sales.avro, record 2: " + REASON));
    }
}
