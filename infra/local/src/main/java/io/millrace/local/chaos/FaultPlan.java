package io.millrace.local.chaos;

import io.millrace.local.chaos.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which faults, and when: a function of the seed. Every kind of process is killed in turn, so that few kills reach many
 * kinds; each other kind of fault comes at least once. Moments are evenly spread, but for a third of the distance between them.
 */
final class FaultPlan {
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST_DEAD = Duration.ofSeconds(3);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
    private static final double JITTER = 1.0 / 3;
    /** One other fault for that many kills, beside one of each kind. */
    private static final int KILLS_AN_OTHER = 5;

    private FaultPlan() {}

    /**
     * @param victims the names of processes, by kind
     * @param span in which everything begins
     */
    static List<Fault> of(long seed, int kills, Duration span, List<List<String>> victims) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            String victim = pick(random, victims.get(i % victims.size()));
            faults.add(new Fault(Duration.ZERO, Kind.KILL, victim, between(random, LONGEST_DEAD)));
        }
        List<Kind> others = new ArrayList<>(List.of(Kind.values()));
        others.remove(Kind.KILL);
        for (int i = 0; i < kills / KILLS_AN_OTHER; i++) {
            others.add(random.nextBoolean() ? Kind.PAUSE : Kind.RESTART);
        }
        for (Kind kind : others) {
            boolean isStartedAgain = kind == Kind.RESTART || kind == Kind.CORRUPT_BASE;
            Duration longest = isStartedAgain ? LONGEST_DEAD : LONGEST_PAUSE;
            faults.add(new Fault(Duration.ZERO, kind, victim(random, kind, victims), between(random, longest)));
        }
        Collections.shuffle(faults, random);
        return placed(random, faults, span);
    }

    private static List<Fault> placed(Random random, List<Fault> faults, Duration span) {
        List<Fault> placed = new ArrayList<>();
        double step = (double) span.toMillis() / faults.size();
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            long at = (long) ((i + random.nextDouble() * JITTER) * step);
            placed.add(new Fault(Duration.ofMillis(at), fault.kind(), fault.victim(), fault.lasts()));
        }
        return placed;
    }

    private static String victim(Random random, Kind kind, List<List<String>> victims) {
        return switch (kind) {
            case KILL, PAUSE, RESTART -> pick(random, victims.get(random.nextInt(victims.size())));
            case CUT -> "brokers";
            case STORE -> "store";
            case CORRUPT_BASE -> "base";
            case CORRUPT_DELTA -> "delta";
        };
    }

    private static String pick(Random random, List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private static Duration between(Random random, Duration longest) {
        return SHORTEST.plusMillis(random.nextInt((int) longest.minus(SHORTEST).toMillis() + 1));
    }
}
