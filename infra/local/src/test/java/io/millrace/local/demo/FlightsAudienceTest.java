package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightsAudienceTest extends AudienceContract {
    private static final Flights SLICE = Flights.slice();

    @TempDir
    Path folder;

    @Override
    Audience open(long seed) {
        return new FlightsAudience(SLICE, seed);
    }

    @Test
    void shipsWithTwentyTwoDaysOfFlights() {
        assertThat(SLICE.size()).isEqualTo(359_496);
        assertThat(instant(SLICE.departureMicros(0))).isEqualTo("2001-01-01T00:01:00Z");
        assertThat(instant(SLICE.departureMicros(SLICE.size() - 1))).isEqualTo("2001-01-22T23:59:00Z");
        assertThat(open(1).limit()).isBetween(17_973L, 17_974L);
    }

    @Test
    void offersTwentyConsecutiveDepartures() throws IOException {
        Audience audience = new FlightsAudience(Flights.read(file(200, 60, 750)), 5);
        Request first = audience.next().orElseThrow();
        Request second = audience.next().orElseThrow();
        assertThat(first.candidates()).hasSize(20);
        assertThat(first.slots()).isEqualTo(3);
        int from = row(first.item(0));
        for (int i = 0; i < 20; i++) {
            assertThat(row(first.item(i))).isEqualTo(from + i);
            assertThat(row(second.item(i))).isEqualTo(from + 20 + i);
        }
        assertThat(instant(first.timeMicros()))
                .isEqualTo(Instant.parse("2001-01-01T08:00:00Z").plus(Duration.ofMinutes(from - 1)));
        assertThat(first.context()).isEqualTo(Map.of("hour", 8, "day", "2001-01-01"));
        assertThat(first.candidates().get(0))
                .isEqualTo(
                        Map.of("item", "AAA-BBB-" + from, "origin", "AAA", "destination", "BBB", "route", "AAA-BBB"));
    }

    @Test
    void tellsOfALateFlightWhenItIsLateAndOfAnotherWhenItArrives() throws IOException {
        int[] delays = {60, 15, 16, -20};
        long[] minutes = {145, 145, 145, 110};
        double[] rewards = {1, 0, 1, 0};
        for (int i = 0; i < delays.length; i++) {
            Audience audience = new FlightsAudience(Flights.read(file(100, delays[i], 750)), 1);
            Request request = audience.next().orElseThrow();
            audience.shown(0, List.of(request.item(4)));
            long known =
                    request.timeMicros() + Duration.ofMinutes(4 + minutes[i]).toNanos() / 1000;
            assertThat(audience.due(known - 1)).isEmpty();
            Reaction reaction = audience.due(known).get(0);
            assertThat(reaction.timeMicros()).isEqualTo(known);
            assertThat(reaction.value()).isEqualTo(rewards[i]);
            assertThat(reaction.kind()).isEqualTo("outcome");
        }
    }

    @Test
    void neverTellsBeforeTheDecision() throws IOException {
        Audience audience = new FlightsAudience(Flights.read(file(100, -500, 100)), 1);
        Request request = audience.next().orElseThrow();
        audience.shown(0, List.of(request.item(0)));
        assertThat(audience.due(Long.MAX_VALUE).get(0).timeMicros()).isEqualTo(request.timeMicros());
    }

    @Test
    void endsWithTheFile() throws IOException {
        Audience audience = new FlightsAudience(Flights.read(file(100, 0, 100)), 1);
        assertThat(audience.limit()).isBetween(4L, 5L);
        run(audience, (int) audience.limit());
        assertThat(audience.next()).isEmpty();
        assertThat(audience.next()).isEmpty();
    }

    @Test
    void agreesWithANaiveReadingOfTheSlice() {
        Random random = new Random(3);
        Audience audience = open(11);
        Map<Integer, Double> late = new HashMap<>();
        for (int flight = 0; flight < SLICE.size(); flight++) {
            late.put(flight + 1, SLICE.delay(flight) > 15 ? 1.0 : 0.0);
        }
        for (int n = 0; n < 2_000; n++) {
            Request request = audience.next().orElseThrow();
            List<String> shown = List.of(request.item(random.nextInt(20)));
            Exposure exposure = audience.shown(n, shown);
            assertThat(exposure.rewards()).containsExactly(late.get(row(shown.get(0))));
            double sum = 0;
            for (int i = 0; i < 20; i++) {
                sum += late.get(row(request.item(i)));
            }
            assertThat(exposure.offered()).isEqualTo(sum / 20);
        }
    }

    @Test
    void saysWhatIsWrongWithAFileAndWhere() throws IOException {
        String header = "date,delay,distance,origin,destination\n";
        rejects("", ", line 1: empty (expected: a header line)");
        rejects(
                "date,delay,origin,destination\n",
                ", line 1, column distance: missing (expected: a header with it; it has date, delay, origin,"
                        + " destination)");
        rejects(
                header + "2001-01-01T00:01:00,5,10,A,B\n2001-01-01T00:01:00,soon,10,A,B\n",
                ", line 3, column delay: soon (expected: an integer, -10000 to 10000)");
        rejects(
                header + "yesterday,5,10,A,B\n",
                ", line 2, column date: yesterday (expected: a date and time such as 2001-01-01T08:30:00)");
        rejects(
                header + "2001-01-02T00:00:00,5,10,A,B\n2001-01-01T00:00:00,5,10,A,B\n",
                ", line 3, column date: 2001-01-01T00:00:00 (expected: not before the line above,"
                        + " 2001-01-02T00:00:00)");
        rejects(header + "2001-01-02T00:00:00,5,10,A\n", ", line 2: 4 fields (expected: 5 fields as in the header)");
        rejects(header + "2001-01-02T00:00:00,5,10,,B\n", ", line 2, column origin: empty (expected: a text)");
        rejects(
                header + "2001-01-02T00:00:00,5,99999999999,A,B\n",
                ", line 2, column distance: 99999999999 (expected: an integer, 0 to 20000)");
    }

    private void rejects(String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.csv"), content);
        assertThatThrownBy(() -> Flights.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + message);
    }

    @Test
    void needsEnoughFlightsForADecision() throws IOException {
        Flights few = Flights.read(file(10, 0, 100));
        assertThatThrownBy(() -> new FlightsAudience(few, 1))
                .isInstanceOf(DataException.class)
                .hasMessage("flights: 10 rows (expected: at least 40)");
    }

    /** A flight a minute from 08:00, all alike. */
    private Path file(int rows, int delay, int distance) throws IOException {
        StringBuilder content = new StringBuilder("destination,date,delay,distance,origin\n");
        Instant first = Instant.parse("2001-01-01T08:00:00Z");
        for (int i = 0; i < rows; i++) {
            String date = first.plus(Duration.ofMinutes(i)).toString().replace("Z", "");
            content.append("BBB," + date + "," + delay + "," + distance + ",AAA\n");
        }
        return Files.writeString(folder.resolve("flights.csv"), content);
    }

    private static int row(String item) {
        return Integer.parseInt(item.substring(item.lastIndexOf('-') + 1));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000);
    }
}
