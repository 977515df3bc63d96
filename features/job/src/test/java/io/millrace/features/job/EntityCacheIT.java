package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.aggregate.Router;
import io.millrace.features.aggregate.Tiles;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.AggregateValue;
import io.millrace.record.Event;
import io.millrace.record.FeatureValues;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many entities a task keeps in memory changes nothing: the same stream ends in the same values and the same state, bit by bit. */
class EntityCacheIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JoinJobSettings SETTINGS =
            JoinJobSettings.defaults().withParallelism(1).withTransactionalIdPrefix("millrace-features");
    private static final int EVENTS = 4_000;
    private static final int REPEATED = 10;
    /** Five minutes from where a tile ends: none leaves a window while the test stands there. */
    private static final Instant LAST = Instant.parse("2021-03-04T05:35:00Z");

    private static final Duration LENGTH = Duration.ofHours(12);
    private static final Duration LATE = Duration.ofMinutes(2);
    private static final long NONE = 1;
    private static final long SOME = 20_000;
    private static final long ALL = 1 << 30;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            events: {sale: {entities: [user, item], values: {price: numeric, shop: categorical}}}
            features:
              sales: {count: sale, by: item}
              sales_lately: {count: sale, by: item, window: 1h, tile: 10m}
              turnover: {sum: sale.price, by: item, window: 2h, tile: 10m}
              dearest: {max: sale.price, by: item, window: 1h, tile: 10m}
              cheapest: {min: sale.price, by: item}
              newest: {last: sale.price, by: item}
              shops: {distinct: sale.shop, by: item}
              shops_lately: {distinct: sale.shop, by: item, window: 1h, tile: 10m}
              by_shop: {count_by: sale.shop, by: item, window: 2h, tile: 10m}
              bought: {last_k: sale.item, by: user, k: 4}
              bought_lately: {count: sale, by: [user, item], window: 30m, tile: 10m}
            """, "shop.yaml");

    private final Codec<Event> codec = Codec.of(Event.class);

    @TempDir
    private Path directory;

    private record End(Map<String, List<AggregateValue>> values, Map<String, String> state) {}

    /** Sales of half a day, up to two minutes late, some of which come twice. Prices are whole: their sums do not depend on their order. */
    private static List<Event> sales(long seed) {
        Random random = new Random(seed);
        List<Event> sales = new ArrayList<>();
        for (int n = 0; n < EVENTS; n++) {
            Instant at = LAST.minus(LENGTH).plus(LENGTH.multipliedBy(n).dividedBy(EVENTS));
            Instant time = at.minusMillis(random.nextInt((int) LATE.toMillis()));
            sales.add(sale("s" + n, time, random));
            if (random.nextInt(REPEATED) == 0) {
                sales.add(sales.get(random.nextInt(sales.size())));
            }
        }
        sales.add(sale("last", LAST, random));
        return sales;
    }

    private static Event sale(String id, Instant time, Random random) {
        return new Event(
                id,
                "sale",
                TimeUnit.MILLISECONDS.toMicros(time.toEpochMilli()),
                Map.of(
                        "user",
                        "u" + random.nextInt(60),
                        "item",
                        "i" + Math.min(random.nextInt(40), random.nextInt(40))),
                Map.of("price", (double) random.nextInt(100), "shop", "s" + random.nextInt(400)));
    }

    private static final class MapTiles implements Tiles {
        private final Map<Long, TreeMap<Long, byte[]>> tiles = new HashMap<>();

        private TreeMap<Long, byte[]> of(long aggregate) {
            return tiles.computeIfAbsent(aggregate, key -> new TreeMap<>());
        }

        @Override
        public byte @Nullable [] get(long aggregate, long tile) {
            return of(aggregate).get(tile);
        }

        @Override
        public void put(long aggregate, long tile, byte[] state) {
            of(aggregate).put(tile, state);
        }

        @Override
        public void remove(long aggregate, long tile) {
            of(aggregate).remove(tile);
        }

        @Override
        public void forEach(long aggregate, Visitor visitor) {
            new TreeMap<>(of(aggregate)).forEach(visitor::tile);
        }
    }

    /** By the same aggregates without a job: everything in memory, in the order in which it was sent. */
    private static Map<String, List<AggregateValue>> expected(List<Event> sales) {
        Router router = new Router(SPEC);
        Map<String, EntityState> states = new HashMap<>();
        Map<String, FeatureValues> values = new HashMap<>();
        EventFacts facts = new EventFacts();
        sales.stream()
                .distinct()
                .forEach(sale -> router.route(facts.with(sale), (group, entity, hits) -> {
                    AggregateGroup of = router.groups().get(group);
                    EntityState state = states.computeIfAbsent(
                            of.text() + "/" + EntityValues.key(entity),
                            key -> new EntityState(of, null, new MapTiles()));
                    for (Hit hit : hits) {
                        state.add(hit);
                    }
                }));
        long end = TimeUnit.MILLISECONDS.toMicros(LAST.toEpochMilli());
        states.forEach((key, state) -> {
            while (state.nextChange() <= end) {
                state.advance(state.nextChange());
            }
            AggregateGroup group = router.groups().stream()
                    .filter(one -> key.startsWith(one.text() + "/"))
                    .findFirst()
                    .orElseThrow();
            values.put(key, EntityValues.record(group, 0, state));
        });
        Map<String, List<AggregateValue>> expected = values(values);
        expected.values().removeIf(List::isEmpty);
        return expected;
    }

    private static Map<String, List<AggregateValue>> values(Map<String, FeatureValues> records) {
        Map<String, List<AggregateValue>> values = new TreeMap<>();
        records.forEach((key, record) -> values.put(key, record.getValues()));
        return values;
    }

    private End run(List<Event> sales, Map<String, List<AggregateValue>> expected, long cacheBytes) throws Exception {
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka" + cacheBytes), 1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink = new TestingFlink(environment -> {
                    JoinJob.configure(environment, SETTINGS);
                    AggregateJob.build(
                            environment,
                            kafka.settings(),
                            SPEC,
                            null,
                            () -> {},
                            SETTINGS,
                            Clock.systemUTC(),
                            cacheBytes);
                })) {
            flink.submit();
            int third = sales.size() / 3;
            send(topics, sales.subList(0, third));
            TestingValues.newest(kafka.settings(), PATIENCE, values -> !values.isEmpty());
            while (!flink.hasCheckpoint()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            flink.restart();
            send(topics, sales.subList(third, 2 * third));
            flink.loseTaskManager();
            send(topics, sales.subList(2 * third, sales.size()));
            Map<String, FeatureValues> newest = TestingValues.newest(
                    kafka.settings(), PATIENCE, values -> values(values).equals(expected));
            Path savepoints = Files.createDirectory(directory.resolve("savepoints" + cacheBytes));
            flink.stop(savepoints);
            assertThat(values(TestingValues.now(kafka.settings()))).isEqualTo(expected);
            try (Stream<Path> found = Files.list(savepoints)) {
                return new End(
                        values(newest),
                        SavedEntities.read(flink, found.findFirst().orElseThrow(), SPEC));
            }
        }
    }

    private void send(TestingTopics topics, List<Event> sales) {
        for (Event sale : sales) {
            topics.send(Topic.EVENTS, codec.encode(sale), TimeUnit.MICROSECONDS.toMillis(sale.getTimeMicros()));
        }
        topics.flush();
    }

    @Test
    void endsInTheSameWhateverIsInMemory() throws Exception {
        long seed = new Random().nextLong();
        List<Event> sales = sales(seed);
        Map<String, List<AggregateValue>> expected = expected(sales);
        End none = run(sales, expected, NONE);
        assertThat(none.state()).as("seed %d", seed).hasSizeGreaterThan(500);
        assertThat(run(sales, expected, SOME)).as("seed %d", seed).isEqualTo(none);
        assertThat(run(sales, expected, ALL)).as("seed %d", seed).isEqualTo(none);
    }
}
