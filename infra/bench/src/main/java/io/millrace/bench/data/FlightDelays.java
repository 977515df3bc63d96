package io.millrace.bench.data;

import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;

/** Which flight arrives more than 15 minutes late, in order of departure: all categorical, with four crosses. */
final class FlightDelays {
    static final List<String> COLUMNS = List.of("date", "delay", "distance", "origin", "destination");

    private static final int LATE_MINUTES = 15;
    private static final int MILES_A_STEP = 250;
    private static final List<List<String>> CROSSES = List.of(
            List.of("origin", "destination"),
            List.of("origin", "hour"),
            List.of("destination", "hour"),
            List.of("weekday", "hour"));

    private final Categories origin = new Categories("origin");
    private final Categories destination = new Categories("destination");
    private final Categories hour = new Categories("hour");
    private final Categories weekday = new Categories("weekday");
    private final Categories distance = new Categories("distance");
    private final BitSet late = new BitSet();
    private int size;

    private FlightDelays() {}

    static DataSet read(Table table, String origin, int rows) {
        FlightDelays flights = new FlightDelays();
        for (Row row : table) {
            if (flights.size == rows) {
                break;
            }
            flights.add(row);
        }
        return flights.dataSet(origin);
    }

    private void add(Row row) {
        LocalDateTime departure = departure(row);
        origin.add(row.text("origin"));
        destination.add(row.text("destination"));
        hour.add(Integer.toString(departure.getHour()));
        weekday.add(Integer.toString(departure.getDayOfWeek().getValue()));
        distance.add(Long.toString(row.integer("distance", 0, 20_000) / MILES_A_STEP));
        late.set(size++, row.number("delay") > LATE_MINUTES);
    }

    private static LocalDateTime departure(Row row) {
        String text = row.text("date");
        try {
            return LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            throw row.wrong("date", text, "a date and time such as 2001-01-01T08:30:00");
        }
    }

    private DataSet dataSet(String from) {
        return new DataSet(
                "flights",
                from + ": arrivals more than " + LATE_MINUTES + " minutes late",
                List.of(origin.column(), destination.column(), hour.column(), weekday.column(), distance.column()),
                CROSSES,
                Labels.of(late, size));
    }
}
