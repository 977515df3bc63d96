package io.millrace.features.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.aggregate.AggregateEncoder;
import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.aggregate.MapTiles;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.Router;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Event;
import io.millrace.record.FeatureValues;
import io.millrace.record.SourcePosition;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the states, records and encoder of streaming features make of random events, against all events at once. */
class FeatureCheckTest {
    private static final long SECOND = 1_000_000;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision:
              subject: user
              context: {country: categorical}
              candidate: {item: categorical, tags: categorical_set}
            feedback: {reward: {click: 1}}
            events:
              sale: {entities: [user, item], values: {price: numeric, shop: categorical, tags: categorical_set}}
              visit: {entities: [user, item], values: {tags: categorical_set}}
            features:
              n: {count: sale, by: item}
              fresh: {count: sale, by: item, window: 1m, tile: 7s}
              fading: {count: sale, by: user, half_life: 20s}
              turnover: {sum: sale.price, by: item, window: 40s}
              balance: {sum: sale.price, by: user, half_life: 1m}
              mean: {mean: sale.price, by: [user, tags], half_life: 30s}
              least: {min: sale.price, by: item, window: 2m}
              most: {max: sale.price, by: tags, set: each}
              newest: {last: sale.price, by: user}
              shops: {distinct: sale.shop, by: item, window: 1m}
              odds: {rate: sale, per: visit, by: tags, as: log_odds, prior: {rate: 0.2, strength: 3}}
              share: {rate: sale, per: visit, by: item, where: "price > 0 and shop in ['s1', 's2']", half_life: 1m}
              median: {quantile: sale.price, q: 0.5, by: user, window: 2m}
              often: {top_k: sale.shop, by: item, k: 2}
              last3: {last_k: sale.shop, by: user, k: 3}
              shop_counts: {count_by: sale.shop, by: user, half_life: 45s}
              since: {since_last: sale, by: item, window: 30s}
              age: {age: sale, by: user}
              living: {count: sale, by: item, ttl: 10s}
              tag_shops: {distinct: sale.shop, by: tags, set: each}
              tag_median: {quantile: sale.price, q: 0.5, by: tags, set: each}
              tag_balance: {sum: sale.price, by: tags, set: each, half_life: 1m}
            """, "shop.yaml");

    private final Router router = new Router(SPEC);
    private final AggregateEncoder encoder = new AggregateEncoder(SPEC);
    private final Map<Long, EntityState> states = new HashMap<>();
    private final Map<Long, FeatureValues> records = new HashMap<>();
    private final List<Event> log = new ArrayList<>();

    private void happened(Event event) {
        long offset = log.size();
        log.add(event);
        router.route(new EventFacts().with(event), (group, entity, hits) -> {
            AggregateGroup of = router.groups().get(group);
            EntityState state = states.computeIfAbsent(entity, key -> new EntityState(of, null, new MapTiles()));
            state.take(Origin.EVENTS, 0, offset);
            hits.forEach(state::add);
            records.put(entity, EntityValues.record(of, entity, state));
        });
    }

    private FeatureVector vector(String user, String item, List<String> tags, long timeMicros) {
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        Map<String, Object> context = Map.of("user", user, "country", "at");
        new ValueEncoder(SPEC.decision().shared(), 0, (hash, field, value) -> {})
                .encode(context, "context", vector.clear(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeShared(vector, timeMicros, this::find);
        new ValueEncoder(SPEC.decision().candidate(), SPEC.featureSet().shared(), (hash, field, value) -> {})
                .encode(Map.of("item", item, "tags", tags), "candidate", vector.clearCandidate(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeCandidate(item, vector, timeMicros, this::find);
        return vector.unpack(vector.pack());
    }

    private EntityValues find(int group, long entity) {
        FeatureValues record = records.get(entity);
        return record == null ? null : EntityValues.of(record, router.groups().get(group));
    }

    private FeatureValues record(EntityName name) {
        AggregateGroup group = router.groups().stream()
                .filter(one -> one.by().equals(name.by()))
                .findFirst()
                .orElseThrow();
        return records.get(
                group.entity(name.hashes().stream().mapToLong(Long::longValue).toArray()));
    }

    private static long definition(AggregateSpec aggregate) {
        AggregateGroup group = AggregateGroup.of(SPEC).stream()
                .filter(one -> one.aggregates().contains(aggregate))
                .findFirst()
                .orElseThrow();
        return group.definitions().get(group.aggregates().indexOf(aggregate));
    }

    private static Event event(Random random, int number, long timeMicros) {
        List<String> tags = new ArrayList<>();
        for (int t = random.nextInt(4); t > 0; t--) {
            tags.add("t" + random.nextInt(3));
        }
        String kind = random.nextInt(3) == 0 ? "visit" : "sale";
        Map<String, Object> values = new HashMap<>(Map.of("tags", tags, "shop", "s" + random.nextInt(5)));
        if (random.nextInt(5) > 0) {
            values.put("price", random.nextInt(2000) / 8.0 - 20);
        }
        return new Event(
                "e" + number,
                kind,
                timeMicros,
                Map.of("user", "u" + random.nextInt(3), "item", "i" + random.nextInt(3)),
                values);
    }

    private History history(FeatureVector vector, String item, Predicate<Event> isThere) {
        Set<EntityName> wanted = new HashSet<>();
        SPEC.aggregates().forEach(one -> wanted.addAll(new FeatureCheck(SPEC, one).entities(vector, item)));
        History history = new History(SPEC, wanted);
        for (int offset = 0; offset < log.size(); offset++) {
            if (isThere.test(log.get(offset))) {
                history.add(Origin.EVENTS, 0, offset, new EventFacts().with(log.get(offset)));
            }
        }
        return history;
    }

    private Comparison fromLog(
            FeatureCheck check, FeatureVector vector, String item, History history, long timeMicros) {
        return check.compare(vector, item, entity -> {
            FeatureValues record = record(entity);
            Reach reach = record == null ? Reach.NOTHING : Reach.of(record);
            return history.read(check.aggregate(), entity, reach, timeMicros);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatWasLoggedIsWhatTheLogSays(long seed) {
        Random random = new Random(seed);
        long now = 1_700_000_000L * SECOND;
        Map<String, Integer> compared = new HashMap<>();
        for (int n = 0; n < 1_500; n++) {
            now += random.nextInt(40) == 0 ? random.nextInt(90) * SECOND : random.nextInt(900_000);
            boolean isLate = random.nextInt(4) == 0;
            happened(event(random, n, isLate ? now - random.nextInt((int) (8 * SECOND)) : now));
            if (n % 10 == 0) {
                String item = "i" + random.nextInt(4);
                long read = now + random.nextInt((int) (50 * SECOND)) - SECOND;
                FeatureVector vector = vector("u" + random.nextInt(4), item, List.of("t0", "t2"), read);
                History history = history(vector, item, event -> true);
                for (AggregateSpec aggregate : SPEC.aggregates()) {
                    FeatureCheck check = new FeatureCheck(SPEC, aggregate);
                    long definition = definition(aggregate);
                    Comparison found = fromLog(check, vector, item, history, read);
                    assertThat(found.differs())
                            .as("seed %s, %s, %s: %s", seed, n, aggregate.name(), found)
                            .isFalse();
                    compared.merge(aggregate.name(), found.isCertain() ? 1 : 0, Integer::sum);
                    Comparison byRecord = check.compare(
                            vector, item, entity -> RecordReading.of(aggregate, record(entity), definition, read));
                    assertThat(byRecord.isCertain() && !byRecord.differs())
                            .as("seed %s, %s, %s: %s", seed, n, aggregate.name(), byRecord)
                            .isTrue();
                }
            }
        }
        assertThat(compared)
                .hasSize(SPEC.aggregates().size())
                .allSatisfy((name, times) ->
                        assertThat(times).as("certain of %s", name).isGreaterThan(100));
    }

    @Test
    void anEventThatIsNotInTheLogOrNotInTheStateIsFoundInEveryFeature() {
        Random random = new Random(5);
        long now = 1_700_000_000L * SECOND;
        for (int n = 0; n < 30; n++) {
            happened(new Event(
                    "e" + n,
                    n % 3 == 0 ? "sale" : "visit",
                    now + n * 100_000,
                    Map.of("user", "u0", "item", "i0"),
                    Map.of("tags", List.of("t0"), "shop", "s" + n % 2, "price", 10.0 + random.nextInt(50))));
        }
        long odd = now + 3 * SECOND;
        happened(new Event(
                "odd",
                "sale",
                odd,
                Map.of("user", "u0", "item", "i0"),
                Map.of("tags", List.of("t0"), "shop", "s9", "price", 1e6)));
        FeatureVector vector = vector("u0", "i0", List.of("t0"), odd);
        History history = history(vector, "i0", event -> !event.getId().equals("odd"));
        List<String> found = new ArrayList<>();
        for (AggregateSpec aggregate : SPEC.aggregates()) {
            Comparison one = fromLog(new FeatureCheck(SPEC, aggregate), vector, "i0", history, odd);
            if (one.differs()) {
                assertThat(one.absolute() + one.relative()).as(aggregate.name()).isPositive();
                found.add(aggregate.name());
            }
        }
        assertThat(found)
                .contains("n", "fresh", "fading", "turnover", "balance", "mean", "most", "newest", "shops", "odds")
                .contains("last3", "shop_counts", "since", "living")
                .as("is of another shop, and neither the cheapest nor the first")
                .doesNotContain("share", "least", "age");
    }

    @Test
    void aValueThatIsOffByAThousandthIsToldWithItsSize() {
        happened(new Event("e", "sale", SECOND, Map.of("user", "u0", "item", "i0"), Map.of("price", 2000.0)));
        FeatureVector vector = vector("u0", "i0", List.of(), SECOND);
        AggregateSpec turnover = SPEC.aggregates().stream()
                .filter(one -> one.name().equals("turnover"))
                .findFirst()
                .orElseThrow();
        FeatureCheck check = new FeatureCheck(SPEC, turnover);
        Comparison found = check.compare(vector, "i0", entity -> Reading.of(2002));
        assertThat(found).isEqualTo(new Comparison(true, true, 2, 2 / 2002.0, "2000.00000", "2002.00000"));
        assertThat(check.compare(vector, "i0", entity -> Reading.of(2000.001)).differs())
                .as("rounding")
                .isFalse();
        assertThat(check.compare(vector, "i0", entity -> Reading.MISSING).relative())
                .isEqualTo(1);
        assertThat(check.compare(vector, "i0", entity -> Reading.UNCERTAIN).isCertain())
                .isFalse();
    }

    @Test
    void moreThanTheJobTookIsAFaultUnlessItMayHavePassedOverSome() {
        for (int n = 0; n < 3; n++) {
            happened(new Event("e" + n, "sale", (n + 1) * SECOND, Map.of("user", "u0", "item", "i0"), Map.of()));
        }
        History history = history(vector("u0", "i0", List.of(), 3 * SECOND), "i0", event -> true);
        EntityName user = new FeatureCheck(SPEC, SPEC.aggregates().get(2))
                .entities(vector("u0", "i0", List.of(), 3 * SECOND), "i0")
                .get(0);
        Reach whole = Reach.of(record(user));
        Reach lacking = new Reach(whole.asOfMicros(), 2, whole.read());
        assertThat(history.tells(user, whole, List.of(), true)).isTrue();
        assertThat(history.tells(user, lacking, List.of(), false)).isTrue();
        assertThat(history.tells(user, lacking, List.of(lacking), false)).isTrue();
        assertThat(history.tells(user, lacking, List.of(whole), false))
                .as("overtaken")
                .isFalse();
        assertThat(history.tells(user, lacking, List.of(lacking), true)).isFalse();
        Reach ofFiles = new Reach(
                whole.asOfMicros(),
                3,
                List.of(new SourcePosition(Origin.EVENTS.topic().text(), -1, 7L)));
        assertThat(ofFiles.isOfFiles()).isTrue();
        assertThat(history.tells(user, ofFiles, List.of(), false)).isFalse();
    }

    private static FeatureCheck check(String name) {
        return new FeatureCheck(
                SPEC,
                SPEC.aggregates().stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void aWeightForEachOfASetIsRoundedAndEstimatedByItself() {
        Random random = new Random(6);
        List<String> tags = List.of("t0", "t1");
        for (int n = 0; n < 2_000; n++) {
            // They add up to almost nothing of what they are sums of.
            double price = n % 2 == 0 ? 1e6 + random.nextDouble() : -1e6 + random.nextDouble() / 3;
            happened(new Event(
                    "e" + n,
                    "sale",
                    SECOND + n,
                    Map.of("user", "u0", "item", "i0"),
                    Map.of("tags", tags, "shop", "s" + n, "price", price)));
        }
        FeatureVector vector = vector("u0", "i0", tags, 2 * SECOND);
        History all = history(vector, "i0", event -> true);
        for (String name : List.of("tag_shops", "tag_median", "tag_balance")) {
            Comparison found = fromLog(check(name), vector, "i0", all, 2 * SECOND);
            assertThat(found.isCertain() && !found.differs())
                    .as("%s: %s", name, found)
                    .isTrue();
        }
        Comparison estimate = fromLog(check("tag_shops"), vector, "i0", all, 2 * SECOND);
        assertThat(estimate.relative()).as("is an estimate").isPositive();
        History half = history(vector, "i0", event -> event.getTimeMicros() < SECOND + 1_001);
        for (String name : List.of("tag_shops", "tag_balance")) {
            assertThat(fromLog(check(name), vector, "i0", half, 2 * SECOND).differs())
                    .as(name)
                    .isTrue();
        }
    }
}
