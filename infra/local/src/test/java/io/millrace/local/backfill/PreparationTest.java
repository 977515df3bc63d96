package io.millrace.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistoryFile;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
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
import java.util.concurrent.TimeUnit;
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
        return prepare(SPEC, new HistoryInput(List.of(file), null));
    }

    private Prepared prepare(PipelineSpec spec, HistoryInput... inputs) throws Exception {
        Path into = Files.createDirectories(directory.resolve("history"));
        return Preparation.run(List.of(inputs), UNTIL, spec, into.toString(), letters::add, NOW);
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

    @Test
    void tablesOfSeveralKindsAreOneHistory() throws Exception {
        PipelineSpec spec = SpecReader.read("""
                pipeline: shop
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1}}
                events:
                  sale: {entities: [item], values: {price: numeric}}
                  view: {entities: [item]}
                features: {odds: {rate: sale, per: view, by: item}}
                """, "shop.yaml");
        Path sales = Files.writeString(
                directory.resolve("sales.csv"), "at,sku,price\n2026-01-02T00:00:00Z,a,2.5\n2026-01-04T00:00:00Z,b,3\n");
        Path views = Files.writeString(directory.resolve("views.tsv"), "item\tseen\na\t1767225600\n");
        Path more = Files.writeString(directory.resolve("more.ndjson"), line("view", "2026-01-03T00:00:00Z") + "\n");
        Tables ofSales = new Tables("sale", "at", null, null, Map.of("item", "sku"));
        Tables ofViews = new Tables("view", "seen", TimeUnit.SECONDS, null, Map.of());
        Prepared prepared = prepare(
                spec,
                new HistoryInput(List.of(sales), ofSales),
                new HistoryInput(List.of(views), ofViews),
                new HistoryInput(List.of(more), null));
        assertThat(prepared.counts()).extracting(FileCount::taken).containsExactly(2L, 1L, 1L);
        assertThat(letters).isEmpty();
        List<String> events = new ArrayList<>();
        for (String file : prepared.files()) {
            try (HistoryFile records = HistoryFile.open(file)) {
                while (records.hasNext()) {
                    Event event = (Event) records.next();
                    events.add(event.getKind() + event.getEntities() + event.getValues());
                }
            }
        }
        assertThat(events)
                .containsExactly(
                        "view{item=a}{}", "sale{item=a}{price=2.5}", "view{item=i}{}", "sale{item=b}{price=3.0}");
        assertThatThrownBy(() -> prepare(
                        spec,
                        new HistoryInput(List.of(sales), new Tables("sail", "at", null, null, Map.of())),
                        new HistoryInput(List.of(directory.resolve("none.csv")), ofViews),
                        new HistoryInput(List.of(views), new Tables("view", "seen", null, null, Map.of("price", "p")))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("--kind: sail (expected: one of sale, view)\n")
                .hasMessageContaining("none.csv: missing")
                .hasMessageContaining("\n--column price: unknown (expected: an entity or value of view in the spec)");
    }
}
