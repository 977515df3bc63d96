package io.millrace.serving.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.FeatureValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureStoreTest {
    private static final int ENTITIES = 200;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            features:
              clicks: {count: click, by: item}
            """, "shop.yaml");

    private static final int BYTES =
            EntityValues.of(record(1, 0), AggregateGroup.of(SPEC).get(0)).memory();

    private final Map<String, Long> evicted = new HashMap<>();
    private final FeatureStore store = store(Long.MAX_VALUE);

    private FeatureStore store(long maxBytes) {
        return new FeatureStore(SPEC, maxBytes, new FeatureStoreEvents() {
            @Override
            public void evicted(String by, long count, long left) {
                evicted.merge(by, count, Long::sum);
            }

            @Override
            public void reached(FeatureStore of) {}
        });
    }

    private static FeatureValues record(long entity, long asOfMicros) {
        return FeatureValues.newBuilder()
                .setBy("item")
                .setEntity(EntityValues.key(entity))
                .setAsOfMicros(asOfMicros)
                .build();
    }

    private void put(long entity, long asOfMicros) {
        store.put(entity, record(entity, asOfMicros));
    }

    private static long asOf(EntitySource view, long entity) {
        @Nullable EntityValues found = view.find(0, entity);
        return found == null ? -1 : found.asOfMicros();
    }

    @Test
    void aViewIsOfTheLastPositionThatWasReachedAndStaysSo() {
        put(1, 10);
        assertThat(asOf(store.view(), 1)).isEqualTo(-1);
        store.reached(1);
        EntitySource first = store.view();
        assertThat(first.position()).isEqualTo(1);
        assertThat(asOf(first, 1)).isEqualTo(10);
        put(1, 20);
        put(2, 20);
        assertThat(asOf(store.view(), 1)).isEqualTo(10);
        store.reached(3);
        store.remove("item", 1);
        put(1, 30);
        store.reached(5);
        assertThat(asOf(first, 1)).isEqualTo(10);
        assertThat(asOf(first, 2)).isEqualTo(-1);
        assertThat(asOf(store.view(), 1)).isEqualTo(30);
        assertThat(store.view().position()).isEqualTo(5);
        store.remove("item", 1);
        store.remove("item", 3);
        store.reached(7);
        assertThat(asOf(store.view(), 1)).isEqualTo(-1);
        assertThat(store.size()).isEqualTo(1);
    }

    /** At position n every entity is as of n, but for those that n leaves a rest of 0: they are gone. */
    @Test
    void allThatAViewHasIsOfOnePositionWhileAnotherThreadPuts() throws Exception {
        store.reached(0);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        List<Future<Long>> reading = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            reading.add(readers.submit(() -> {
                long views = 0;
                for (; !over.get(); views++) {
                    EntitySource view = store.view();
                    long position = view.position();
                    for (long entity = 1; entity <= ENTITIES; entity++) {
                        long expected = position == 0 || position % entity == 0 ? -1 : position;
                        assertThat(asOf(view, entity))
                                .as("entity %s at %s", entity, position)
                                .isEqualTo(expected);
                    }
                }
                return views;
            }));
        }
        for (long position = 1; position <= 3_000; position++) {
            for (long entity = 1; entity <= ENTITIES; entity++) {
                if (position % entity == 0) {
                    store.remove("item", entity);
                } else {
                    put(entity, position);
                }
            }
            store.reached(position);
        }
        over.set(true);
        for (Future<Long> one : reading) {
            assertThat(one.get()).isPositive();
        }
        readers.shutdown();
    }

    @Test
    void forgetsThoseToWhichNothingHappenedForTheLongestWhereThereIsNoRoomForMore() {
        int most = 1_000;
        FeatureStore small = store(most * (long) BYTES);
        for (long entity = 1; entity <= most; entity++) {
            small.put(entity, record(entity, entity));
        }
        small.reached(most);
        EntitySource before = small.view();
        for (long entity = 1; entity <= 50; entity++) {
            small.put(entity, record(entity, 10_000 + entity));
        }
        assertThat(evicted).isEmpty();
        small.put(most + 1, record(most + 1, 20_000));
        small.reached(most + 51);
        assertThat(small.bytes()).isLessThanOrEqualTo((long) (0.9 * most * BYTES));
        assertThat(small.size()).isEqualTo(900);
        assertThat(evicted).containsExactly(Map.entry("item", 101L));
        EntitySource after = small.view();
        for (long entity = 1; entity <= most; entity++) {
            assertThat(asOf(before, entity)).isEqualTo(entity);
            boolean isThere = entity <= 50 || entity > 151;
            assertThat(asOf(after, entity) >= 0).as("entity %s", entity).isEqualTo(isThere);
        }
        small.put(100, record(100, 30_000));
        small.reached(most + 52);
        assertThat(asOf(small.view(), 100)).as("again, once something happens").isEqualTo(30_000);
    }

    @Test
    void keysThatComeOnceEachStayWithinTheBound() {
        int most = 5_000;
        FeatureStore small = store(most * (long) BYTES);
        for (int n = 0; n < 200_000; n++) {
            small.put(n * 0x9e3779b97f4a7c15L, record(n * 0x9e3779b97f4a7c15L, n / 7));
            if (n % 500 == 0) {
                small.reached(n);
                assertThat(small.bytes()).isLessThanOrEqualTo(most * (long) BYTES);
            }
        }
        assertThat(small.size()).isBetween((long) (most * 0.9), (long) most);
        assertThat(evicted.get("item")).isEqualTo(200_000 - small.size());
    }
}
