package io.millrace.local.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * People whose taste is a known logistic function, so that the best choice is known. Each of {@value #USERS} users likes
 * an item with probability
 *
 * <pre>  1 / (1 + exp(-(BIAS + TASTE * taste(user, topic) + MOOD * mood(part of day, format))))  </pre>
 *
 * where tastes and moods are standard normal. Of {@value #CANDIDATES} items out of {@value #ITEMS} one is shown, and the
 * user tells at once, finally, whether they like it.
 *
 * <p>Tastes drift: each turns from one fixed normal value to another, {@code cos(a) * first + sin(a) * second}, where the
 * angle a grows by the drift rate (radians per 1,000 requests); so their spread stays what it is, and after a quarter of
 * a turn they have nothing to do with what they were. Moods stay.
 */
final class SimulatedAudience extends OfferingAudience {
    static final String NAME = "simulated";
    static final String LIKE = "like";
    static final int USERS = 20;
    static final int ITEMS = 300;
    static final int CANDIDATES = 10;
    private static final int TOPICS = 12;
    private static final List<String> FORMATS = List.of("article", "audio", "video", "photo");
    private static final List<String> PARTS = List.of("morning", "noon", "evening", "night");
    private static final double BIAS = -1.5;
    private static final double TASTE = 1.5;
    private static final double MOOD = 0.75;
    private static final double PER_THOUSAND = 1e-3;
    private static final long START_MICROS =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long STEP_MICROS = 1_000_000;

    /** What a draw is for. */
    private enum Purpose {
        REQUEST,
        TOPIC,
        FORMAT,
        TASTE,
        LATER_TASTE,
        MOOD,
        REWARD
    }

    private final double drift;

    /** @param drift how fast tastes turn, radians per 1,000 requests; 0 if not at all */
    SimulatedAudience(long seed, double drift) {
        super(NAME, seed, LIKE);
        this.drift = drift;
    }

    @Override
    public String rewarded() {
        return "the items that it showed were liked";
    }

    @Override
    public boolean probabilistic() {
        return true;
    }

    @Override
    public long limit() {
        return Long.MAX_VALUE;
    }

    @Override
    Offer offer(long number) {
        SplittableRandom random = Draw.random(seed(), Purpose.REQUEST.ordinal(), number);
        int user = random.nextInt(USERS);
        int part = random.nextInt(PARTS.size());
        Set<Integer> items = new HashSet<>();
        List<Map<String, Object>> candidates = new ArrayList<>(CANDIDATES);
        double[] rewards = new double[CANDIDATES];
        double[] expected = new double[CANDIDATES];
        while (items.size() < CANDIDATES) {
            int item = random.nextInt(ITEMS);
            if (items.add(item)) {
                int i = candidates.size();
                candidates.add(Map.of("item", "item-" + item, "topic", "topic-" + topic(item), "format", format(item)));
                expected[i] = probability(user, part, item, number);
                rewards[i] = Draw.uniform(seed(), Purpose.REWARD.ordinal(), number, item) < expected[i] ? 1 : 0;
            }
        }
        long time = START_MICROS + number * STEP_MICROS;
        Request request = new Request(
                number, requestId(number), "user-" + user, time, Map.of("part_of_day", PARTS.get(part)), candidates, 1);
        return new Offer(
                request,
                rewards,
                expected,
                IntStream.range(0, CANDIDATES).mapToLong(i -> time).toArray());
    }

    private double probability(int user, int part, int item, long number) {
        int topic = topic(item);
        double angle = drift * number * PER_THOUSAND;
        double taste = StrictMath.cos(angle) * Draw.normal(seed(), Purpose.TASTE.ordinal(), user, topic)
                + StrictMath.sin(angle) * Draw.normal(seed(), Purpose.LATER_TASTE.ordinal(), user, topic);
        double mood = Draw.normal(seed(), Purpose.MOOD.ordinal(), part, FORMATS.indexOf(format(item)));
        return 1 / (1 + StrictMath.exp(-(BIAS + TASTE * taste + MOOD * mood)));
    }

    private int topic(int item) {
        return (int) (Draw.uniform(seed(), Purpose.TOPIC.ordinal(), item) * TOPICS);
    }

    private String format(int item) {
        return FORMATS.get((int) (Draw.uniform(seed(), Purpose.FORMAT.ordinal(), item) * FORMATS.size()));
    }
}
