package io.millrace.features.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.record.FeatureValues;
import io.millrace.record.SourcePosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows, ever and decay against everything that happened, added up anew each time. */
class EntityStateTest {
    private static final long MINUTE = 60_000_000;
    private static final Offset<Double> CLOSE = within(1e-9);
    private static final String[] FUNCTIONS = {
        "count: sale",
        "sum: sale.price",
        "mean: sale.price",
        "min: sale.price",
        "max: sale.price",
        "last: sale.price",
        "distinct: sale.shop",
        "last_k: sale.shop, k: 3",
        "count_by: sale.shop",
        "since_last: sale",
        "age: sale"
    };
    private static final int SINCE_LAST = 9;

    private static String[] features(String horizon) {
        String[] features = new String[FUNCTIONS.length];
        for (int i = 0; i < features.length; i++) {
            features[i] = "f" + i + ": {" + FUNCTIONS[i] + ", by: user" + horizon + "}";
        }
        return features;
    }

    private static Observation observation(Random random, long timeMicros, int number) {
        return new Observation(timeMicros, number, random.nextInt(1000) / 8.0, 1, random.nextInt(20));
    }

    /** As the router would have it. */
    private static Observation as(int function, Observation one) {
        double number = function == 0 || function == 8 ? 1 : function >= SINCE_LAST ? one.timeMicros() : one.number();
        return new Observation(one.timeMicros(), one.id(), number, one.per(), one.category());
    }

    /**
     * @param perRound how often the oracle is asked
     */
    private static void compare(String horizon, long length, long tile, int observations, int perRound, long seed) {
        Random random = new Random(seed);
        AggregateGroup group = TestingAggregates.group(features(horizon));
        MapTiles tiles = new MapTiles();
        EntityState state = new EntityState(group, null, tiles);
        List<Observation> all = new ArrayList<>();
        long now = 1_700_000_000L * 1_000_000;
        for (int n = 0; n < observations; n++) {
            now += (long)
                    (random.nextDouble() * random.nextDouble() * (random.nextInt(50) == 0 ? length : length / 40));
            long late = random.nextInt(4) == 0 ? (long) (random.nextDouble() * length * 1.3) : 0;
            Observation one = observation(random, now - late, n);
            state.advance(now);
            long first = horizon.isEmpty() ? Long.MIN_VALUE : Math.floorDiv(now - length, tile) * tile;
            boolean inSight = one.timeMicros() >= first;
            for (int f = 0; f < FUNCTIONS.length; f++) {
                assertThat(state.add(f, as(f, one)))
                        .as("seed " + seed + ", " + n)
                        .isEqualTo(inSight);
            }
            if (inSight) {
                all.add(one);
            }
            if (random.nextInt(10) == 0) {
                state = new EntityState(group, state.write(), tiles);
            }
            if (n % perRound == 0) {
                now += random.nextInt(3) == 0 ? random.nextInt(20) * tile / 7 : 0;
                state.advance(now);
                long from = horizon.isEmpty() ? Long.MIN_VALUE : Math.floorDiv(now - length, tile) * tile;
                check(state, all.stream().filter(o -> o.timeMicros() >= from).toList(), "seed " + seed + ", " + n);
            }
        }
    }

    private static void check(EntityState state, List<Observation> inSight, String where) {
        if (inSight.isEmpty()) {
            for (int f = 0; f < FUNCTIONS.length; f++) {
                assertThat(state.summary(f)).as(where).isNull();
            }
            return;
        }
        List<Observation> sorted = inSight.stream()
                .sorted(Comparator.comparingLong(Observation::timeMicros).thenComparingLong(Observation::id))
                .toList();
        double sum = inSight.stream().mapToDouble(Observation::number).sum();
        Observation last = sorted.get(sorted.size() - 1);
        assertThat(number(state, 0)).as(where).isEqualTo(inSight.size());
        assertThat(number(state, 1)).as(where).isCloseTo(sum, CLOSE);
        assertThat(state.summary(2).numbers()).as(where).containsExactly(new double[] {sum, inSight.size()}, CLOSE);
        assertThat(number(state, 3))
                .as(where)
                .isEqualTo(
                        inSight.stream().mapToDouble(Observation::number).min().orElseThrow());
        assertThat(number(state, 4))
                .as(where)
                .isEqualTo(
                        inSight.stream().mapToDouble(Observation::number).max().orElseThrow());
        assertThat(number(state, 5)).as(where).isEqualTo(last.number());
        assertThat(number(state, 6))
                .as(where)
                .isEqualTo(
                        inSight.stream().map(Observation::category).distinct().count());
        assertThat(state.summary(7).hashes())
                .as(where)
                .containsExactly(sorted.subList(Math.max(0, sorted.size() - 3), sorted.size()).stream()
                        .mapToLong(Observation::category)
                        .toArray());
        TreeMap<Long, Double> counts = new TreeMap<>();
        inSight.forEach(one -> counts.merge(one.category(), 1.0, Double::sum));
        assertThat(state.summary(8).hashes())
                .as(where)
                .containsExactly(
                        counts.keySet().stream().mapToLong(Long::longValue).toArray());
        assertThat(state.summary(8).numbers())
                .as(where)
                .containsExactly(counts.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray());
        assertThat(number(state, SINCE_LAST)).as(where).isEqualTo(last.timeMicros());
        assertThat(number(state, SINCE_LAST + 1))
                .as(where)
                .isEqualTo(sorted.get(0).timeMicros());
    }

    private static double number(EntityState state, int aggregate) {
        return state.summary(aggregate).numbers()[0];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aWindowIsAllThatHappenedInItWithItsBeginningRoundedDownToATile(long seed) {
        long tile = List.of(1L, 7L, 60L).get((int) seed % 3) * MINUTE;
        compare(", window: 60m, tile: " + tile / MINUTE + "m", 60 * MINUTE, tile, 10_000, 7, seed);
    }

    @Test
    void everIsAllThatHappened() {
        compare("", 90 * MINUTE, 1, 2_000, 97, 7);
    }

    @Test
    void whatIsOutOfSightLeavesNothingBehind() {
        AggregateGroup group = TestingAggregates.group(features(", window: 60m"));
        MapTiles tiles = new MapTiles();
        EntityState state = new EntityState(group, null, tiles);
        Random random = new Random(3);
        for (int n = 0; n < 500; n++) {
            Observation one = observation(random, n * MINUTE, n);
            for (int f = 0; f < FUNCTIONS.length; f++) {
                state.add(f, as(f, one));
            }
        }
        assertThat(tiles.size()).isLessThanOrEqualTo(FUNCTIONS.length * 31);
        long end = state.validUntil(0);
        assertThat(end).isEqualTo((499 / 2 + 1) * 2 * MINUTE + 60 * MINUTE);
        state.advance(end - 1);
        assertThat(state.summary(0)).isNotNull();
        state.advance(end);
        assertThat(state.summary(0)).isNull();
        assertThat(state.write()).isNull();
        assertThat(tiles.size()).isZero();
    }

    @Test
    void everIsForgottenAfterItsTimeToLive() {
        AggregateGroup group = TestingAggregates.group("n: {count: sale, by: user, ttl: 1d}");
        EntityState state = new EntityState(group, null, new MapTiles());
        state.add(0, new Observation(5, 1, 1, 0, 0));
        assertThat(state.nextChange()).isEqualTo(86_400_000_005L);
        assertThat(state.advance(86_400_000_004L)).isFalse();
        assertThat(state.advance(86_400_000_005L)).isTrue();
        assertThat(state.write()).isNull();
    }

    @Test
    void aLateObservationBeyondTheTimeToLiveDoesNotCount() {
        AggregateGroup group = TestingAggregates.group("n: {count: sale, by: user, ttl: 1h}");
        EntityState state = new EntityState(group, null, new MapTiles());
        state.advance(100 * MINUTE);
        assertThat(state.add(0, new Observation(40 * MINUTE, 1, 1, 0, 0))).isFalse();
        assertThat(state.add(0, new Observation(41 * MINUTE, 1, 1, 0, 0))).isTrue();
    }

    /** Merging is what a window does with its tiles, so a window that holds everything is a merge of all of it. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void mergedPartialStatesAreAllAtOnce(long seed) {
        Random random = new Random(seed);
        for (String function : List.of(
                "count: sale",
                "sum: sale.price",
                "min: sale.price",
                "max: sale.price",
                "last: sale.price",
                "distinct: sale.shop",
                "last_k: sale.shop, k: 5",
                "count_by: sale.shop",
                "quantile: sale.price, q: 0.9",
                "top_k: sale.shop, k: 4")) {
            Partials partials = new Partials(TestingAggregates.group("f: {" + function + ", by: user}")
                    .aggregates()
                    .get(0));
            int categories = function.startsWith("count_by")
                    ? 200
                    : List.of(5, 200, 100_000).get(random.nextInt(3));
            List<Observation> all = new ArrayList<>();
            for (int n = 0; n < 3_000; n++) {
                all.add(new Observation(
                        random.nextInt(500),
                        n,
                        random.nextInt(64),
                        1,
                        random.nextInt(categories) * 0x9E3779B97F4A7C15L));
            }
            Partial whole = partials.empty();
            all.forEach(whole::add);
            Partial merged = partials.empty();
            for (int from = 0; from < all.size(); ) {
                int to = Math.min(all.size(), from + 1 + random.nextInt(700));
                Partial part = partials.empty();
                List<Observation> shuffled = new ArrayList<>(all.subList(from, to));
                Collections.shuffle(shuffled, random);
                shuffled.forEach(part::add);
                merged.merge(written(partials, part));
                from = to;
            }
            String where = function + ", seed " + seed + ", " + categories;
            Summary expected = whole.summary(500);
            assertThat(merged.summary(500).numbers()).as(where).containsExactly(expected.numbers());
            if (!function.startsWith("top_k") || categories < 300) {
                assertThat(merged.summary(500).hashes()).as(where).containsExactly(expected.hashes());
                StateOutput one = new StateOutput();
                whole.write(one);
                StateOutput other = new StateOutput();
                merged.write(other);
                if (!function.startsWith("top_k")) {
                    assertThat(other.toBytes()).as(where).isEqualTo(one.toBytes());
                }
            }
        }
    }

    private static Partial written(Partials partials, Partial part) {
        StateOutput out = new StateOutput();
        part.write(out);
        Partial read = partials.empty();
        read.read(ByteBuffer.wrap(out.toBytes()));
        return read;
    }

    @Test
    void distinctIsExactForFewAndCloseForMany() {
        Partials partials = new Partials(TestingAggregates.group("f: {distinct: sale.shop, by: user}")
                .aggregates()
                .get(0));
        Partial partial = partials.empty();
        TreeSet<Long> seen = new TreeSet<>();
        Random random = new Random(5);
        for (int n = 0; n < 200_000; n++) {
            long category = random.nextLong();
            seen.add(category);
            partial.add(new Observation(n, n, 1, 0, category));
            if (n == 255 || n == 999 || n == 199_999) {
                double error = n < 256 ? 0 : 3 * 0.023;
                assertThat(partial.summary(n).numbers()[0])
                        .isBetween(seen.size() * (1 - error), seen.size() * (1 + error));
            }
        }
        StateOutput out = new StateOutput();
        partial.write(out);
        assertThat(out.toBytes().length).isLessThan(2_200);
    }

    @Test
    void aQuantileIsWithinOnePercent() {
        Partials partials = new Partials(TestingAggregates.group("f: {quantile: sale.price, q: 0.9, by: user}")
                .aggregates()
                .get(0));
        Partial partial = partials.empty();
        double[] all =
                new Random(9).doubles(10_000).map(x -> Math.exp(x * 10) - 50).toArray();
        for (int n = 0; n < all.length; n++) {
            partial.add(new Observation(n, n, all[n], 1, 0));
        }
        Arrays.sort(all);
        double exact = all[(int) (0.9 * (all.length - 1))];
        assertThat(partial.summary(0).numbers()[0]).isBetween(exact * 0.99, exact * 1.01);
    }

    @Test
    void countsOfMoreCategoriesThanFitKeepTheMostFrequent() {
        CountBy counts = new CountBy(Decay.NONE);
        for (int n = 0; n < 5_000; n++) {
            counts.add(new Observation(n, n, 1, 0, n));
            counts.add(new Observation(n, n, 1, 0, -1));
        }
        assertThat(counts.summary(0).hashes()).hasSize(CountBy.MOST).contains(-1);
    }

    /** Ten values on each of the first days of January, read on the sixth. */
    @ParameterizedTest
    @ValueSource(strings = {"1d 1.5625 13.75 85.0", "7d 19.554 55.1033 105.286"})
    void aDecayedSumIsThePublishedOne(String line) {
        String[] expected = line.split(" ");
        AggregateGroup group =
                TestingAggregates.group("f: {sum: sale.price, by: user, half_life: " + expected[0] + "}");
        long day = 24 * 60 * MINUTE;
        long first = 1_704_067_200L * 1_000_000;
        for (int entity = 0; entity < 3; entity++) {
            EntityState state = new EntityState(group, null, new MapTiles());
            state.add(0, new Observation(first + 2 * entity * day, 1, 20 * entity + 10, 1, 0));
            state.add(0, new Observation(first + (2 * entity + 1) * day, 2, 20 * entity + 20, 1, 0));
            state.advance(first + 5 * day);
            assertThat(number(state, 0)).isCloseTo(Double.parseDouble(expected[entity + 1]), within(1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void decayOverAYearIsTheClosedForm(long seed) {
        Random random = new Random(seed);
        double halfLife = 3 * 24 * 60 * (double) MINUTE;
        AggregateGroup group = TestingAggregates.group("f: {sum: sale.price, by: user, half_life: 3d}");
        EntityState state = new EntityState(group, null, new MapTiles());
        List<Observation> all = new ArrayList<>();
        long now = 1_600_000_000L * 1_000_000;
        long end = now + 365L * 24 * 60 * MINUTE;
        for (int n = 0; now < end; n++) {
            now += (long) (random.nextDouble() * 3 * 60 * MINUTE);
            Observation one = new Observation(now - random.nextInt(1 << 30), n, random.nextDouble() * 10, 1, 0);
            all.add(one);
            state.add(0, one);
        }
        state.advance(now);
        long at = now;
        double exact = all.stream()
                .mapToDouble(one -> one.number() * Math.pow(2, -(at - one.timeMicros()) / halfLife))
                .sum();
        assertThat(number(state, 0)).as("seed " + seed).isCloseTo(exact, within(exact * 1e-9));
        state.advance(now + 160L * 24 * 60 * MINUTE);
        @Nullable Summary gone = state.summary(0);
        assertThat(gone).as("50 half-lives later").isNull();
    }

    @Test
    void twoOfTheSameDefinitionAreTwo() {
        AggregateGroup group = TestingAggregates.group(
                "p: {rate: sale, per: visit, by: user, prior: {rate: 0.1}}",
                "q: {rate: sale, per: visit, by: user, as: log_odds}",
                "w: {count: sale, by: user, window: 1h}",
                "x: {count: sale, by: user, window: 1h}");
        MapTiles tiles = new MapTiles();
        EntityState state = new EntityState(group, null, tiles);
        for (int n = 0; n < 90; n++) {
            for (int f = 0; f < 4; f++) {
                state.add(f, new Observation(n * MINUTE, n, 1, 1, 0));
            }
            state = new EntityState(group, state.write(), tiles);
        }
        assertThat(state.summary(0).numbers()).containsExactly(90, 90);
        assertThat(state.summary(1).numbers()).containsExactly(90, 90);
        assertThat(number(state, 2)).isEqualTo(62);
        assertThat(number(state, 3)).isEqualTo(62);
    }

    @Test
    void whatIsNotDefinedAnyMoreLeavesNoTiles() {
        AggregateGroup before =
                TestingAggregates.group("w: {count: sale, by: user, window: 1h}", "n: {count: sale, by: user}");
        MapTiles tiles = new MapTiles();
        EntityState state = new EntityState(before, null, tiles);
        for (int n = 0; n < 30; n++) {
            state.add(0, new Observation(n * MINUTE, n, 1, 0, 0));
            state.add(1, new Observation(n * MINUTE, n, 1, 0, 0));
        }
        assertThat(tiles.size()).isGreaterThan(10);
        new EntityState(TestingAggregates.group("n: {count: sale, by: user}"), state.write(), tiles);
        assertThat(tiles.size()).isZero();
    }

    @Test
    void aNewCategoryTakesThePlaceAndTheCountOfTheRarest() {
        CountBy counts = new CountBy(Decay.NONE);
        for (int n = 0; n < 3 * CountBy.MOST; n++) {
            counts.add(new Observation(n, n, 1, 0, n % CountBy.MOST));
        }
        counts.add(new Observation(0, 0, 1, 0, -7));
        Summary summary = counts.summary(0);
        assertThat(summary.hashes()).hasSize(CountBy.MOST).contains(-7).doesNotContain(0);
        assertThat(summary.numbers()[0]).isEqualTo(4);
    }

    @Test
    void goesOnWithWhatIsStillDefinedTheSameAfterAChange() {
        AggregateGroup before = TestingAggregates.group(
                "a: {count: sale, by: user}", "b: {sum: sale.price, by: user}", "c: {max: sale.price, by: user}");
        EntityState state = new EntityState(before, null, new MapTiles());
        for (int f = 0; f < 3; f++) {
            state.add(f, new Observation(10, 1, 5, 1, 0));
        }
        AggregateGroup after = TestingAggregates.group(
                "c: {max: sale.price, by: user}",
                "a: {count: sale, by: user, where: price > 1}",
                "z: {sum: sale.price, by: user}");
        EntityState changed = new EntityState(after, state.write(), new MapTiles());
        assertThat(number(changed, 0)).isEqualTo(5);
        assertThat(changed.summary(1)).as("another definition").isNull();
        assertThat(number(changed, 2)).as("another name").isEqualTo(5);
    }

    @Test
    void tellsOfHowManyRecordsItIsMadeAndHowFarTheyReach() {
        AggregateGroup group = TestingAggregates.group("n: {count: sale, by: user}");
        EntityState state = new EntityState(group, null, new MapTiles());
        state.take(Origin.EVENTS, 1, 7);
        state.add(0, new Observation(1, 1, 1, 0, 0));
        state.take(Origin.OUTCOMES, 1, 3);
        state.take(Origin.EVENTS, 1, 5);
        EntityState again = new EntityState(group, state.write(), new MapTiles());
        FeatureValues record = EntityValues.record(group, 42, again);
        assertThat(record.getTaken()).isEqualTo(3);
        assertThat(record.getRead())
                .containsExactly(new SourcePosition("events", 1, 7L), new SourcePosition("outcomes", 1, 3L));
    }

    /** Format 1 did not say of which records it is, 2 not of how many observations an aggregate is. */
    @ParameterizedTest
    @ValueSource(bytes = {1, 2})
    void aStateThatWasWrittenBeforeItSaidOfWhatItIsGoesOn(byte format) {
        AggregateGroup group = TestingAggregates.group("n: {count: sale, by: user}");
        ByteBuffer before =
                ByteBuffer.allocate(100).put(format).putLong(group.id()).putLong(1);
        if (format == 2) {
            before.putLong(1).putInt(0);
        }
        before.putLong(group.definitions().get(0)).putInt(4 * Long.BYTES).putLong(1);
        before.putLong(1).putDouble(1).putDouble(0);
        byte[] written = Arrays.copyOf(before.array(), before.position());
        EntityState state = new EntityState(group, written, new MapTiles());
        state.take(Origin.EVENTS, 0, 5);
        state.add(0, new Observation(2, 2, 1, 1, 0));
        state.add(0, new Observation(3, 3, 1, 1, 0));
        state.correct(0, new Correction(4, new Observation(2, 2, 1, 1, 0), null));
        FeatureValues record = EntityValues.record(group, 42, new EntityState(group, state.write(), new MapTiles()));
        assertThat(record.getTaken()).isEqualTo(format == 1 ? -1 : 2);
        assertThat(record.getValues().get(0).getNumbers()).containsExactly(2.0);
    }
}
