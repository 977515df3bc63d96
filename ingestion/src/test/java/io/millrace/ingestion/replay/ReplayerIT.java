package io.millrace.ingestion.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.ingestion.table.TestingFiles;
import io.millrace.ingestion.table.TimeFormat;
import io.millrace.record.Event;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayerIT {
    private static final Path FLIGHTS = Path.of("../../shared/data/flights/flights-2001-q1.csv.gz");
    private static final int ROWS = 10_000;
    private static final ReplayMapping MAPPING = ReplayMapping.of("departure", "date", TimeFormat.iso(ZoneOffset.UTC))
            .withEntity("origin", "origin")
            .withEntity("destination", "destination")
            .withValues(ValueColumn.numeric("delay"), ValueColumn.numeric("distance"));

    @TempDir
    private Path directory;

    @Test
    void replaysTenThousandFlightsInTheirOrder() throws Exception {
        assumeTrue(Files.exists(FLIGHTS), "no flights data at " + FLIGHTS);
        List<String> lines = firstLines();
        Path slice = new TestingFiles(directory).write("flights.csv.gz", TestingFiles.gzip(String.join("\n", lines)));
        try (TestingKafka kafka = TestingKafka.start(1);
                Replayer replayer = new Replayer(kafka.settings(), Clock.systemUTC(), Ticker.system())) {
            List<ReplayProgress> reports = new ArrayList<>();
            ReplayProgress first = replayer.replay(ReplayPlan.of(slice, MAPPING), reports::add);
            assertThat(first.acknowledged()).isEqualTo(ROWS);
            assertThat(first.resumeLine()).isEqualTo(ROWS + 2);
            assertThat(reports).last().isEqualTo(first);
            ReplayProgress rest = replayer.replay(ReplayPlan.of(slice, MAPPING).from(ROWS - 8), reports::add);
            assertThat(rest.acknowledged()).isEqualTo(10);

            Codec<Event> codec = Codec.of(Event.class);
            List<Event> events =
                    kafka.read(Topic.EVENTS, Duration.ofSeconds(60), read -> read.size() >= ROWS + 10).stream()
                            .map(record -> codec.decode(record.value()))
                            .toList();
            assertThat(events).hasSize(ROWS + 10);
            assertThat(events.subList(0, ROWS)).map(ReplayerIT::line).isEqualTo(lines.subList(1, lines.size()));
            assertThat(events.subList(ROWS, ROWS + 10)).isEqualTo(events.subList(ROWS - 10, ROWS));
        }
    }

    private static List<String> firstLines() throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(FLIGHTS)), StandardCharsets.US_ASCII))) {
            return reader.lines().limit(ROWS + 1).collect(Collectors.toList());
        }
    }

    private static String line(Event event) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(event.getTimeMicros() / 1_000_000, 0, ZoneOffset.UTC);
        return String.join(
                ",",
                time.toString() + ":00",
                Long.toString(Math.round((Double) event.getValues().get("delay"))),
                Long.toString(Math.round((Double) event.getValues().get("distance"))),
                event.getEntities().get("origin"),
                event.getEntities().get("destination"));
    }
}
