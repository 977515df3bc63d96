package io.millrace.local.demo;

import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Flights in order of departure, held compactly. Immutable. */
final class Flights {
    private static final String SLICE = "flights.csv.gz";
    private static final String DATE = "date";
    private static final String DELAY = "delay";
    private static final String DISTANCE = "distance";
    private static final String ORIGIN = "origin";
    private static final String DESTINATION = "destination";
    private static final int LONGEST_DELAY = 10_000;
    private static final int LONGEST_DISTANCE = 20_000;

    private final long[] departures;
    private final short[] delays;
    private final short[] distances;
    private final short[] origins;
    private final short[] destinations;
    private final List<String> airports;

    private Flights(Builder builder) {
        this.departures = Arrays.copyOf(builder.departures, builder.size);
        this.delays = Arrays.copyOf(builder.delays, builder.size);
        this.distances = Arrays.copyOf(builder.distances, builder.size);
        this.origins = Arrays.copyOf(builder.origins, builder.size);
        this.destinations = Arrays.copyOf(builder.destinations, builder.size);
        this.airports = List.copyOf(builder.airports);
    }

    /** Reads a file whole. */
    static Flights read(Path file) {
        return read(Table.open(file));
    }

    /** The slice that comes with the demo. */
    static Flights slice() {
        InputStream in = Flights.class.getResourceAsStream("/demo/" + SLICE);
        if (in == null) {
            throw new IllegalStateException(SLICE + ": not in this build");
        }
        return read(Table.read(SLICE, in, TableFormat.CSV));
    }

    private static Flights read(Table flights) {
        Builder builder = new Builder();
        try (flights) {
            flights.require(List.of(DATE, DELAY, DISTANCE, ORIGIN, DESTINATION));
            flights.forEach(builder);
        }
        return new Flights(builder);
    }

    int size() {
        return departures.length;
    }

    /** Scheduled departure, microseconds; the file's local times are taken as UTC. */
    long departureMicros(int flight) {
        return departures[flight];
    }

    /** Arrival delay in minutes; negative if early. */
    int delay(int flight) {
        return delays[flight];
    }

    /** Miles. */
    int distance(int flight) {
        return distances[flight];
    }

    String origin(int flight) {
        return airports.get(origins[flight]);
    }

    String destination(int flight) {
        return airports.get(destinations[flight]);
    }

    private static final class Builder implements Consumer<Row> {
        private final Map<String, Short> numbers = new HashMap<>();
        private final List<String> airports = new ArrayList<>();
        private long[] departures = new long[1 << 16];
        private short[] delays = new short[1 << 16];
        private short[] distances = new short[1 << 16];
        private short[] origins = new short[1 << 16];
        private short[] destinations = new short[1 << 16];
        private int size;
        private String lastDate = "";

        @Override
        public void accept(Row row) {
            if (size == departures.length) {
                grow();
            }
            departures[size] = departure(row);
            delays[size] = (short) row.integer(DELAY, -LONGEST_DELAY, LONGEST_DELAY);
            distances[size] = (short) row.integer(DISTANCE, 0, LONGEST_DISTANCE);
            origins[size] = airport(row, ORIGIN);
            destinations[size] = airport(row, DESTINATION);
            size++;
        }

        private long departure(Row row) {
            String text = row.text(DATE);
            if (text.equals(lastDate)) {
                return departures[size - 1];
            }
            long micros;
            try {
                micros = LocalDateTime.parse(text).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
            } catch (DateTimeException e) {
                throw row.wrong(DATE, text, "a date and time such as 2001-01-01T08:30:00");
            }
            if (size > 0 && micros < departures[size - 1]) {
                throw row.wrong(DATE, text, "not before the line above, " + lastDate);
            }
            lastDate = text;
            return micros;
        }

        private short airport(Row row, String column) {
            String name = row.text(column);
            Short known = numbers.get(name);
            if (known != null) {
                return known;
            }
            if (airports.size() > Short.MAX_VALUE) {
                throw row.wrong(column, name, "at most " + Short.MAX_VALUE + " airports");
            }
            numbers.put(name, (short) airports.size());
            airports.add(name);
            return (short) (airports.size() - 1);
        }

        private void grow() {
            departures = Arrays.copyOf(departures, size * 2);
            delays = Arrays.copyOf(delays, size * 2);
            distances = Arrays.copyOf(distances, size * 2);
            origins = Arrays.copyOf(origins, size * 2);
            destinations = Arrays.copyOf(destinations, size * 2);
        }
    }
}
