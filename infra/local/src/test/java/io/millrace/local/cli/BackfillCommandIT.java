package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.cli.TestingConsole.Ended;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.DeadLetter;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(named = "millrace.long", matches = "true")
class BackfillCommandIT {
    private static final String SPEC = """
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            events: {sale: {entities: [user, item], values: {price: numeric}}, view: {entities: [item]}}
            features:
              sales: {count: sale, by: item}
              turnover: {sum: sale.price, by: item, window: 3h, tile: 1m}
            """;

    private final Instant until =
            Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);

    @TempDir
    private Path directory;

    private TestingConsole console;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), SPEC);
        console = new TestingConsole(directory);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    private static String sale(String id, String item, Instant time) {
        return """
                {"id": "%s", "kind": "sale", "time": "%s", "entities": {"user": "u", "item": "%s"}, "values": {"price": 2.5}}""".formatted(id, time, item);
    }

    private Ended backfill(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("backfill", "--spec", "shop.yaml"));
        arguments.addAll(List.of(more));
        return console.run(arguments.toArray(String[]::new));
    }

    @Test
    void upGoesOnFromWhereFilesEnd() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            // Those of the first two hours are out of the window; two in each are the same.
            lines.add(sale("s" + n / 2, "heat", until.minus(Duration.ofMinutes(300 - n * 7L))));
        }
        lines.add("{\"kind\": \"sale\", \"id\": \"timeless\"}");
        lines.add("no event");
        lines.add(sale("later", "heat", until));
        Files.write(directory.resolve("sales.ndjson"), lines);
        String table = "sku,user,price,at\nup,u,4.5," + until.minusSeconds(90) + "\nup,u,much," + until.minusSeconds(80)
                + "\n";
        Files.writeString(directory.resolve("sales.csv"), table);

        Ended ended = backfill("--from", "sales.ndjson", "--to", until.toString());
        assertThat(ended.err()).isEmpty();
        assertThat(ended.exit()).isZero();
        assertThat(ended.out())
                .contains("sales.ndjson: 43 read, 40 taken, 1 of --to or later, 2 dead letters")
                .contains("features: 1 entities,")
                .contains("20 events sent again");
        try (TestingMillrace millrace = up()) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            application.tellEvent(sale("live", "heat", Clock.systemUTC().instant()));
            Waiting.until("what was and what is", () -> newest(log, "sales").containsValue(21.0));
            assertThat(newest(log, "turnover").values()).allMatch(sum -> sum < 21 * 2.5);
            assertThat(log.read(Topic.DEAD_LETTERS, DeadLetter.class))
                    .extracting(letter -> letter.value().getReason())
                    .anyMatch(reason -> reason.contains("sales.ndjson, line 41: time: missing"))
                    .anyMatch(reason -> reason.contains("sales.ndjson, line 42: "));
        }

        // Another history, in place of that one: what it does not have is gone, but for what the topics have.
        Files.writeString(directory.resolve("views.csv"), "item,seen\nup," + until.minusSeconds(70) + "\n");
        String flags =
                "--from sales.csv --kind sale --time at --column item=sku --id at --from views.csv --kind view --time seen --to ";
        Ended again = backfill((flags + until).split(" "));
        assertThat(again.err()).isEmpty();
        assertThat(again.out())
                .contains("sales.csv: 2 read, 1 taken, 0 of --to or later, 1 dead letters")
                .contains("views.csv: 1 read, 1 taken, 0 of --to or later, 0 dead letters");
        try (TestingMillrace millrace = up()) {
            TestingLog log = new TestingLog(millrace.awaitStart().kafka());
            Map<String, Double> sales = newest(log, "sales");
            assertThat(sales.values()).containsExactlyInAnyOrder(1.0, 1.0);
        }
    }

    private TestingMillrace up() throws Exception {
        return TestingMillrace.start(
                directory, "up", "--spec", "shop.yaml", "--data-dir", "data", "--port", "0", "--kafka-port", "0");
    }

    private static Map<String, Double> newest(TestingLog log, String feature) {
        Map<String, Double> newest = new TreeMap<>();
        for (Placed<FeatureValues> placed : log.read(Topic.FEATURE_VALUES, FeatureValues.class)) {
            FeatureValues values = placed.value();
            values.getValues().stream()
                    .filter(value -> value.getFeature().equals(feature))
                    .forEach(value ->
                            newest.put(values.getEntity(), value.getNumbers().get(0)));
        }
        return newest;
    }

    @Test
    void saysWhatIsWrongBeforeAnythingIsChanged() throws Exception {
        Files.writeString(directory.resolve("old.ndjson"), sale("s", "heat", until.minus(Duration.ofDays(2))));
        Files.writeString(directory.resolve("table.csv"), "at,item,user,price\n");
        assertWrong(
                "--to: tomorrow (expected: RFC 3339 like 2026-01-01T00:00:00Z)",
                "--from",
                "old.ndjson",
                "--to",
                "tomorrow");
        assertWrong("(expected: not in the future; it is ", "--from", "old.ndjson", "--to", "2999-01-01T00:00:00Z");
        assertWrong("--from none.ndjson: missing", "--from", "none.ndjson", "gone", "--to", until.toString());
        assertWrong("--from gone: missing", "--from", "none.ndjson,gone", "--to", until.toString());
        assertWrong("--from shop.yaml: unknown ending", "--from", "shop.yaml", "--to", until.toString());
        assertWrong("table.csv: a table (expected: --time", "--from", "table.csv", "--to", until.toString());
        assertWrong(
                "--time: missing (expected: behind --from table.csv, since",
                ("--from old.ndjson --from table.csv --kind sale --to " + until).split(" "));
        assertWrong(
                "Missing required argument(s): --from=FILES",
                ("--from table.csv --kind sale --kind view --time at --to " + until).split(" "));
        assertWrong(
                "--from: the newest of events: " + until.minus(Duration.ofDays(2))
                        + " (expected: within an hour before --to, ",
                "--from",
                "old.ndjson",
                "--to",
                until.toString());
        Ended allowed = backfill("--from", "old.ndjson", "--to", until.toString(), "--allow-gap");
        assertThat(allowed.exit()).isZero();
        assertThat(allowed.err()).contains("warning: --from: the newest of events: ");
    }

    private void assertWrong(String message, String... arguments) throws Exception {
        Ended ended = backfill(arguments);
        assertThat(ended.err()).contains(message);
        assertThat(ended.exit()).isEqualTo(2);
    }
}
