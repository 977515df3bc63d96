package io.millrace.bench.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Entrants in turn, round after round: what disturbs the machine for a while disturbs them all. */
public final class Course {
    private final int rounds;
    private final Consumer<String> progress;

    /** @param progress told of each lap, in one line */
    public Course(int rounds, Consumer<String> progress) {
        this.rounds = rounds;
        this.progress = progress;
    }

    /**
     * One outcome an entrant, in their order.
     *
     * @throws WrongWeightsException if entrants of the same setting, or one in two rounds, learned different weights
     */
    public List<Laps> run(List<Entrant> entrants) throws IOException, InterruptedException {
        List<List<Lap>> laps = new ArrayList<>();
        entrants.forEach(entrant -> laps.add(new ArrayList<>()));
        Map<String, String> digests = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int e = 0; e < entrants.size(); e++) {
                Lap lap = entrants.get(e).run();
                laps.get(e).add(lap);
                progress.accept(line(round, entrants.get(e), lap));
                check(entrants.get(e), lap.digest(), digests);
            }
        }
        List<Laps> outcomes = new ArrayList<>();
        for (int e = 0; e < entrants.size(); e++) {
            Entrant entrant = entrants.get(e);
            outcomes.add(new Laps(entrant.way(), entrant.setting(), entrant.timed(), laps.get(e)));
        }
        return outcomes;
    }

    private static void check(Entrant entrant, String digest, Map<String, String> digests) {
        String expected = digests.putIfAbsent(entrant.setting(), digest);
        if (expected != null && !expected.equals(digest)) {
            throw new WrongWeightsException(entrant.way() + ", " + entrant.setting(), digest, expected);
        }
    }

    private String line(int round, Entrant entrant, Lap lap) {
        return String.format(
                Locale.ROOT,
                "round %d of %d: %s, %s: %,.0f examples/s, %.2f us of processor time each%s",
                round + 1,
                rounds,
                entrant.way(),
                entrant.setting(),
                lap.rate(),
                lap.processorMicros(),
                lap.digest().isEmpty() ? "" : ", digest " + lap.digest());
    }
}
