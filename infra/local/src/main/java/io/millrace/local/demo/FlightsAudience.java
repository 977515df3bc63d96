package io.millrace.local.demo;

import io.millrace.ingestion.table.DataException;
import io.millrace.wire.Problem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who keeps a watch list of flights that will be late: of {@value #CANDIDATES} consecutive departures, which
 * {@value #SLOTS} will arrive more than {@value #LATE_MINUTES} minutes late?
 *
 * <p>A request's event time is the scheduled departure of its first flight. A flight's reaction is final and comes when it
 * would be known: at departure, plus an estimated duration of 30 minutes and a minute for every 7.5 miles, plus its delay
 * but at most {@value #LATE_MINUTES} minutes, since by then it is late.
 *
 * <p>The seed moves the first slate by 0 to 19 flights, so that seeds see the same days in different slates.
 */
final class FlightsAudience extends OfferingAudience {
    static final String NAME = "flights";
    static final String OUTCOME = "outcome";
    static final int CANDIDATES = 20;
    static final int SLOTS = 3;
    static final int LATE_MINUTES = 15;
    private static final String SUBJECT = "watch-list";
    private static final double TAXI_MINUTES = 30;
    private static final double MILES_PER_MINUTE = 7.5;
    private static final long MICROS_PER_MINUTE = 60_000_000;

    private final Flights flights;
    private final int first;

    FlightsAudience(Flights flights, long seed) {
        super(NAME, seed, OUTCOME);
        this.flights = flights;
        this.first = (int) Math.floorMod(Draw.mix(seed), (long) CANDIDATES);
        if (limit() < 1) {
            throw new DataException(new Problem("flights", flights.size() + " rows", "at least " + 2 * CANDIDATES));
        }
    }

    @Override
    public String rewarded() {
        return "the flights that it put on the watch list came over 15 minutes late";
    }

    @Override
    public long limit() {
        return Math.max(0, (flights.size() - first) / CANDIDATES);
    }

    @Override
    @Nullable
    Offer offer(long number) {
        if (number >= limit()) {
            return null;
        }
        int from = first + (int) number * CANDIDATES;
        List<Map<String, Object>> candidates = new ArrayList<>(CANDIDATES);
        double[] rewards = new double[CANDIDATES];
        long[] known = new long[CANDIDATES];
        for (int i = 0; i < CANDIDATES; i++) {
            int flight = from + i;
            candidates.add(candidate(flight));
            rewards[i] = flights.delay(flight) > LATE_MINUTES ? 1 : 0;
            known[i] = knownMicros(flight);
        }
        long time = flights.departureMicros(from);
        ZonedDateTime local = Instant.ofEpochSecond(time / 1_000_000).atZone(ZoneOffset.UTC);
        Map<String, Object> context =
                Map.of("hour", local.getHour(), "day", local.toLocalDate().toString());
        Request request = new Request(number, requestId(number), SUBJECT, time, context, candidates, SLOTS);
        return new Offer(request, rewards, rewards, known);
    }

    private Map<String, Object> candidate(int flight) {
        String route = flights.origin(flight) + "-" + flights.destination(flight);
        return Map.of(
                "item",
                route + "-" + (flight + 1),
                "origin",
                flights.origin(flight),
                "destination",
                flights.destination(flight),
                "route",
                route);
    }

    private long knownMicros(int flight) {
        double minutes = TAXI_MINUTES
                + flights.distance(flight) / MILES_PER_MINUTE
                + Math.min(flights.delay(flight), LATE_MINUTES);
        return flights.departureMicros(flight) + Math.round(minutes * MICROS_PER_MINUTE);
    }
}
