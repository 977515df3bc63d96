package io.millrace.features.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that turn out to be wrong: afterwards the state is what it would be had they been right when they closed. */
class CorrectionTest {
    private static final long MINUTE = 60_000_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long START = 1_700_000_000L * 1_000_000;
    private static final Offset<Double> CLOSE = within(1e-9);
    private static final double[] REWARDS = {0, 0, 0, 1, 1, 2, 0.1, 0.7, -0.5};
    private static final String[] FADING = {
        "all: {count: label",
        "liked: {count: label, where: reward > 0",
        "sum: {sum: label.reward",
        "liked_sum: {sum: label.reward, where: reward > 0.5",
        "mean: {mean: label.reward, where: reward > 0",
        "rate: {rate: label, per: label, where: reward > 0",
        "clicks: {rate: click, per: label",
        "arms: {count_by: label.arm, where: reward > 0"
    };
    private static final String[] LASTING = {
        "last: {last: label.reward", "latest: {last_k: label.arm, k: 3, where: reward > 0",
        "median: {quantile: label.reward, q: 0.5", "often: {top_k: label.arm, k: 2, where: reward > 0",
        "least: {min: label.reward", "most: {max: label.reward, where: reward > 0",
        "different: {distinct: label.arm, where: reward > 0", "since: {since_last: label, where: reward > 0"
    };

    /** What is known of a slot. */
    private static final class Label {
        final int number;
        final long timeMicros;
        final String item;
        final List<String> tags;
        final String arm;
        final Set<Long> entities = new HashSet<>();
        final List<Double> heard = new ArrayList<>();
        double reward;

        Label(String item, String arm, List<String> tags, int number, long timeMicros) {
            this.item = item;
            this.arm = arm;
            this.tags = tags;
            this.number = number;
            this.timeMicros = timeMicros;
        }

        static Label of(Random random, int number, long timeMicros) {
            Label label = new Label(
                    "i" + random.nextInt(3),
                    "arm" + random.nextInt(5),
                    List.of("t0", "t1", "t2").subList(0, random.nextInt(4)),
                    number,
                    timeMicros);
            label.reward = REWARDS[random.nextInt(REWARDS.length)];
            label.heard.add(label.reward);
            return label;
        }
    }

    private final Map<Long, EntityState> states = new HashMap<>();
    private final Map<Long, MapTiles> tiles = new HashMap<>();
    private PipelineSpec spec = TestingAggregates.pipeline();
    private Router router = new Router(spec);
    private int refused;

    private void pipeline(String... features) {
        spec = TestingAggregates.pipeline(features);
        router = new Router(spec);
    }

    private static String[] features(String horizon, String by, boolean isFading) {
        List<String> features = new ArrayList<>();
        for (String one : FADING) {
            features.add(by.charAt(0) + one + ", by: " + by + horizon + "}");
        }
        for (String one : isFading ? new String[0] : LASTING) {
            if (by.equals("item") || !one.contains("_k")) {
                features.add(by.charAt(0) + one + ", by: " + by + horizon + "}");
            }
        }
        return features.stream()
                .filter(one -> by.equals("item") || !one.contains("count_by"))
                .toArray(String[]::new);
    }

    private Outcome outcome(
            Label label, String kind, boolean closed, long timeMicros, @Nullable ReplacedLabel replaced) {
        FeatureVector vector = new FeatureVector(spec.featureSet());
        new ValueEncoder(spec.decision().shared(), 0, (hash, field, value) -> {})
                .encode(Map.of("user", "u", "country", "at"), "context", vector.clear(), problem -> {
                    throw new AssertionError(problem);
                });
        new ValueEncoder(spec.decision().candidate(), spec.featureSet().shared(), (hash, field, value) -> {})
                .encode(
                        Map.of("item", label.item, "tags", label.tags),
                        "candidate",
                        vector.clearCandidate(),
                        problem -> {
                            throw new AssertionError(problem);
                        });
        return new Outcome(
                kind + label.number + "-" + timeMicros,
                "d" + label.number,
                0,
                label.item,
                "u",
                label.arm,
                kind,
                1.0,
                closed,
                label.reward,
                timeMicros,
                START,
                "shop",
                spec.featureSet().version(),
                ByteBuffer.wrap(vector.pack()),
                Map.of(),
                replaced);
    }

    private Set<Long> happened(Outcome outcome) {
        Set<Long> entities = new HashSet<>();
        assertThat(router.route(new OutcomeFacts(spec).with(outcome), (group, entity, hits) -> {
                    entities.add(entity);
                    AggregateGroup of = router.groups().get(group);
                    EntityState state = states.computeIfAbsent(entity, key -> empty(of, key));
                    hits.forEach(hit -> refused += state.add(hit) ? 0 : 1);
                    byte[] written = state.write();
                    if (written == null) {
                        states.remove(entity);
                        tiles.remove(entity);
                    } else {
                        states.put(entity, new EntityState(of, written, tiles.get(entity)));
                    }
                }))
                .isTrue();
        return entities;
    }

    private EntityState empty(AggregateGroup group, long entity) {
        return new EntityState(group, null, tiles.computeIfAbsent(entity, key -> new MapTiles()));
    }

    private void closes(Label label) {
        label.entities.addAll(happened(outcome(label, "window", true, label.timeMicros, null)));
    }

    private void correct(Label label, double right, long timeMicros) {
        ReplacedLabel wrong = new ReplacedLabel(label.reward, label.timeMicros);
        label.reward = right;
        label.heard.add(right);
        assertThat(label.entities).containsAll(happened(outcome(label, "like", false, timeMicros, wrong)));
    }

    /** A stream of labels, of which half are corrected, some of them several times and some after their tile is gone. */
    private void run(Random random, long length, String where, Checks checks) {
        List<Label> all = new ArrayList<>();
        long now = START;
        for (int n = 0; n < 1_000; n++) {
            now += (long)
                    (random.nextDouble() * random.nextDouble() * (random.nextInt(50) == 0 ? length : length / 40));
            if (random.nextInt(3) > 0 || all.isEmpty()) {
                Label label = Label.of(random, n, now - (random.nextInt(4) == 0 ? random.nextInt(1000) : 0));
                all.add(label);
                closes(label);
            } else {
                int back = (int) (random.nextDouble() * random.nextDouble() * Math.min(all.size(), 150));
                Label label = all.get(all.size() - 1 - back);
                double right = REWARDS[random.nextInt(REWARDS.length)];
                if (right != label.reward) {
                    correct(label, right, random.nextInt(5) == 0 ? label.timeMicros - 1 : now);
                }
            }
            if (n % 11 == 0) {
                long at = now;
                states.forEach((entity, state) -> {
                    state.advance(at);
                    List<Label> of = all.stream()
                            .filter(label -> label.entities.contains(entity))
                            .toList();
                    checks.check(state, of, at, where + ", " + at);
                });
            }
        }
    }

    private interface Checks {
        void check(EntityState state, List<Label> labels, long nowMicros, String where);
    }

    private AggregateGroup group(EntityState state) {
        return router.groups().stream()
                .filter(one -> one.id() == EntityState.group(state.write()))
                .findFirst()
                .orElseThrow();
    }

    private static double[] numbers(@Nullable Summary summary) {
        return summary == null ? new double[0] : summary.numbers();
    }

    private int compared;

    /** @param weight of something of that age */
    private void check(EntityState state, List<Label> labels, long from, ToDoubleFunction<Label> weight, String where) {
        if (state.write() == null) {
            return;
        }
        AggregateGroup group = group(state);
        List<Label> seen =
                labels.stream().filter(label -> label.timeMicros >= from).toList();
        for (int i = 0; i < group.aggregates().size(); i++) {
            String name = group.aggregates().get(i).name().substring(1);
            String at = where + ", " + group.aggregates().get(i).name();
            @Nullable Summary summary = state.summary(i);
            List<Label> liked = seen.stream().filter(label -> label.reward > 0).toList();
            List<Label> everLiked = seen.stream()
                    .filter(label -> label.heard.stream().anyMatch(reward -> reward > 0))
                    .toList();
            double count = sum(liked, weight);
            double shown = sum(seen, weight);
            switch (name) {
                case "all" -> assertNumbers(summary, seen, at, shown);
                case "liked" -> assertNumbers(summary, liked, at, count);
                case "sum" ->
                    assertNumbers(summary, seen, at, sum(seen, one -> one.reward * weight.applyAsDouble(one)));
                case "liked_sum" -> {
                    List<Label> dear =
                            seen.stream().filter(label -> label.reward > 0.5).toList();
                    assertNumbers(summary, dear, at, sum(dear, one -> one.reward * weight.applyAsDouble(one)));
                }
                case "mean" ->
                    assertNumbers(summary, liked, at, sum(liked, one -> one.reward * weight.applyAsDouble(one)), count);
                case "rate" -> assertNumbers(summary, seen, at, count, shown);
                case "clicks" -> assertNumbers(summary, seen, at, 0, shown);
                case "arms" -> {
                    TreeMap<Long, Double> arms = new TreeMap<>();
                    liked.forEach(one -> arms.merge(arm(one), weight.applyAsDouble(one), Double::sum));
                    assertThat(summary == null ? new long[0] : summary.hashes())
                            .as(at)
                            .containsExactly(arms.keySet().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray());
                    assertThat(numbers(summary))
                            .as(at)
                            .containsExactly(
                                    arms.values().stream()
                                            .mapToDouble(Double::doubleValue)
                                            .toArray(),
                                    CLOSE);
                }
                case "last" ->
                    assertNumbers(
                            summary,
                            seen,
                            at,
                            seen.isEmpty() ? 0 : latest(seen, 1).get(0).reward);
                case "latest" -> {
                    Label third = liked.size() < 3 ? null : latest(liked, 3).get(0);
                    boolean isPushedOut = everLiked.stream()
                            .anyMatch(one -> one.reward <= 0 && (third == null || one.timeMicros >= third.timeMicros));
                    if (!isPushedOut) {
                        assertThat(summary == null ? new long[0] : summary.hashes())
                                .as(at)
                                .containsExactly(latest(liked, 3).stream()
                                        .mapToLong(CorrectionTest::arm)
                                        .toArray());
                    }
                }
                case "median" -> {
                    double[] sorted = seen.stream()
                            .mapToDouble(one -> one.reward)
                            .sorted()
                            .toArray();
                    assertThat(summary == null).as(at).isEqualTo(sorted.length == 0);
                    if (summary != null) {
                        double median = sorted[(int) (0.5 * (sorted.length - 1))];
                        assertThat(summary.numbers()[0]).as(at).isCloseTo(median, within(0.02));
                    }
                }
                case "often" -> {
                    TreeMap<Long, Integer> arms = new TreeMap<>();
                    liked.forEach(one -> arms.merge(arm(one), 1, Integer::sum));
                    assertThat(summary == null ? new long[0] : summary.hashes())
                            .as(at)
                            .containsExactly(arms.entrySet().stream()
                                    .sorted(Map.Entry.<Long, Integer>comparingByValue()
                                            .reversed()
                                            .thenComparing(Map.Entry.comparingByKey()))
                                    .limit(2)
                                    .mapToLong(Map.Entry::getKey)
                                    .toArray());
                }
                case "least" -> assertNumbers(summary, seen, at, heard(seen, any -> true)[0]);
                case "most" -> {
                    double[] heard = heard(everLiked, any -> any > 0);
                    assertNumbers(summary, everLiked, at, heard[heard.length - 1]);
                }
                case "different" ->
                    assertNumbers(
                            summary,
                            everLiked,
                            at,
                            everLiked.stream().map(one -> one.arm).distinct().count());
                case "since" ->
                    assertNumbers(
                            summary,
                            everLiked,
                            at,
                            everLiked.stream()
                                    .mapToLong(one -> one.timeMicros)
                                    .max()
                                    .orElse(0));
                default -> throw new AssertionError(name);
            }
            compared++;
        }
    }

    /** What was ever said, ascending; a number where nothing was. */
    private static double[] heard(List<Label> labels, Predicate<Double> counts) {
        double[] heard = labels.stream()
                .flatMap(label -> label.heard.stream())
                .filter(counts)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return heard.length == 0 ? new double[1] : heard;
    }

    private static long arm(Label label) {
        return FeatureHash.of("arm").hash(label.arm);
    }

    private static List<Label> latest(List<Label> labels, int most) {
        List<Label> sorted = labels.stream()
                .sorted(Comparator.<Label>comparingLong(one -> one.timeMicros)
                        .thenComparingLong(one -> FeatureHash.of("outcome").hash("d" + one.number + "/0")))
                .toList();
        return sorted.subList(Math.max(0, sorted.size() - most), sorted.size());
    }

    private static double sum(List<Label> labels, ToDoubleFunction<Label> number) {
        return labels.stream().mapToDouble(number).sum();
    }

    /** Whole numbers are counts and must be those, bit by bit. */
    private static void assertNumbers(@Nullable Summary summary, List<Label> counted, String at, double... expected) {
        if (counted.isEmpty()) {
            assertThat(summary).as(at).isNull();
            return;
        }
        assertThat(summary).as(at).isNotNull();
        for (int i = 0; i < expected.length; i++) {
            boolean isWhole = expected[i] == Math.rint(expected[i]) && !at.contains("sum") && !at.contains("mean");
            assertThat(summary.numbers()[i]).as(at).isCloseTo(expected[i], isWhole ? within(0.0) : CLOSE);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everIsWhatItWouldBeHadTheLabelBeenRight(long seed) {
        pipeline(concat(features("", "item", false), features("", "tags", false)));
        run(
                new Random(seed),
                90 * MINUTE,
                "seed " + seed,
                (state, labels, now, where) -> check(state, labels, Long.MIN_VALUE, one -> 1, where));
        assertThat(compared).isGreaterThan(4_000);
        assertThat(refused).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aWindowIsWhatItWouldBeHadTheLabelBeenRight(long seed) {
        long tile = seed % 2 == 0 ? 7 * MINUTE : MINUTE;
        String horizon = ", window: 60m, tile: " + tile / MINUTE + "m";
        pipeline(concat(features(horizon, "item", false), features(horizon, "tags", false)));
        run(
                new Random(seed),
                HOUR,
                "seed " + seed,
                (state, labels, now, where) ->
                        check(state, labels, Math.floorDiv(now - HOUR, tile) * tile, one -> 1, where));
        assertThat(compared).isGreaterThan(4_000);
        assertThat(refused).as("corrections of labels whose tiles are gone").isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void whatDecaysIsWhatItWouldBeHadTheLabelBeenRight(long seed) {
        pipeline(concat(features(", half_life: 10m", "item", true), features(", half_life: 10m", "tags", true)));
        run(
                new Random(seed),
                HOUR,
                "seed " + seed,
                (state, labels, now, where) -> check(
                        state,
                        labels,
                        Long.MIN_VALUE,
                        one -> Math.pow(2, (one.timeMicros - now) / (10.0 * MINUTE)),
                        where));
        assertThat(compared).isGreaterThan(2_000);
    }

    /** What was forgotten in between is forgotten with the right label as it was with the wrong one. */
    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void whatIsForgottenIsNeitherTakenBackNorCounted(long seed) {
        String[] features = {
            "n: {count: label, by: item, ttl: 10m}",
            "sum: {sum: label.reward, by: item, ttl: 10m, half_life: 1h}",
            "rate: {rate: label, per: label, where: reward > 0, by: item, ttl: 10m}",
            "liked: {count: label, where: reward > 0, by: item, ttl: 10m}"
        };
        pipeline(features);
        Random random = new Random(seed);
        List<Label> all = new ArrayList<>();
        long now = START;
        for (int n = 0; n < 600; n++) {
            now += random.nextInt(8) == 0 ? random.nextInt((int) (25 * MINUTE)) : random.nextInt((int) MINUTE);
            if (random.nextBoolean() || all.isEmpty()) {
                Label label = Label.of(random, n, now);
                all.add(label);
                closes(label);
            } else {
                Label label = all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), 30)));
                double right = REWARDS[random.nextInt(REWARDS.length)];
                if (right != label.reward) {
                    correct(label, right, now);
                }
            }
            CorrectionTest known = new CorrectionTest();
            known.pipeline(features);
            all.forEach(known::closes);
            for (Map.Entry<Long, EntityState> entry : states.entrySet()) {
                entry.getValue().advance(now);
                EntityState right = known.states.get(entry.getKey());
                right.advance(now);
                String where = "seed " + seed + ", " + n;
                assertThat(numbers(entry.getValue().summary(0))).as(where).containsExactly(numbers(right.summary(0)));
                assertThat(numbers(entry.getValue().summary(1)))
                        .as(where)
                        .containsExactly(numbers(right.summary(1)), CLOSE);
                assertThat(numbers(entry.getValue().summary(2))).as(where).containsExactly(numbers(right.summary(2)));
                for (double liked : numbers(entry.getValue().summary(3))) {
                    assertThat(liked).as(where).isBetween(1.0, numbers(right.summary(0))[0]);
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aLabelThatIsLikedLateHasItsPlaceAmongTheLatestAndOneThatIsNotAnyMoreHasNone() {
        pipeline("all: {count: label, by: item}", "latest: {last_k: label.arm, k: 2, by: item, where: reward > 0}");
        Label first = label(1, 0);
        Label second = label(2, 1);
        Label third = label(3, 1);
        List.of(first, second, third).forEach(this::closes);
        EntityState state = states.values().iterator().next();
        assertThat(state.summary(1).hashes()).containsExactly(arm(second), arm(third));
        correct(second, 0, START + HOUR);
        correct(first, 1, START + HOUR);
        EntityState corrected = states.values().iterator().next();
        assertThat(corrected.summary(1).hashes()).containsExactly(arm(first), arm(third));
    }

    private static Label label(int number, double reward) {
        Label label = new Label("i", "arm" + number, List.of(), number, START + number);
        label.reward = reward;
        return label;
    }

    @Test
    void aCorrectionOfWhatWasNeverCountedTakesNothingBack() {
        pipeline(
                "n: {sum: label.reward, by: item}",
                "w: {sum: label.reward, by: item, window: 1h}",
                "d: {sum: label.reward, by: item, half_life: 1h}",
                "r: {rate: label, per: label, where: reward > 0, by: item}");
        Label label = label(1, 1);
        ReplacedLabel wrong = new ReplacedLabel(0.0, START);
        happened(outcome(label, "like", false, START + MINUTE, wrong));
        assertThat(states).isEmpty();
        assertThat(refused).isEqualTo(4);
    }

    @Test
    void labelsThatWereNeverCountedMakeNoRateAboveOne() {
        pipeline("r: {rate: label, per: label, where: reward > 0, by: item, window: 1h}");
        Label counted = label(1, 0);
        closes(counted);
        for (int number = 2; number < 5; number++) {
            happened(outcome(label(number, 1), "like", false, START + MINUTE, new ReplacedLabel(0.0, START)));
        }
        EntityState state = states.values().iterator().next();
        assertThat(state.summary(0).numbers()).containsExactly(1, 1);
    }

    private static String[] concat(String[] one, String[] other) {
        List<String> all = new ArrayList<>(List.of(one));
        all.addAll(List.of(other));
        return all.toArray(String[]::new);
    }
}
