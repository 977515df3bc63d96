package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityCacheTest {
    private static final int WEIGHT = 10;

    /** A value that can be told from a copy of it. */
    private static final class Count {
        int number;

        Count(int number) {
            this.number = number;
        }
    }

    private static final class Kept implements EntityCache.Store<Count> {
        Map<Long, Integer> state = new HashMap<>();
        int reads;
        int writes;

        @Override
        public @Nullable Count read(long key) {
            reads++;
            Integer number = state.get(key);
            return number == null ? null : new Count(number);
        }

        @Override
        public void write(long key, Count value) {
            writes++;
            state.put(key, value.number);
        }

        @Override
        public long weight(Count value) {
            return WEIGHT;
        }
    }

    private static void count(EntityCache<Count> cache, long key) throws IOException {
        Count value = cache.get(key);
        if (value == null) {
            value = new Count(0);
        }
        value.number++;
        cache.put(key, value);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3 * WEIGHT, 20 * WEIGHT, 1_000_000})
    void comesToWhatTheStateAloneWouldWhateverItsSize(long maxWeight) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Kept kept = new Kept();
        EntityCache<Count> cache = new EntityCache<>(kept, maxWeight);
        Map<Long, Integer> naive = new HashMap<>();
        Map<Long, Integer> snapshot = new HashMap<>();
        for (int n = 0; n < 20_000; n++) {
            long key = Math.min(random.nextInt(60), random.nextInt(60));
            int chance = random.nextInt(1000);
            if (chance < 5) {
                cache.writeAll();
                assertThat(kept.state).as("seed %d, %d", seed, n).isEqualTo(naive);
                snapshot = new HashMap<>(kept.state);
            } else if (chance < 8) {
                // The process dies, and goes on from the snapshot.
                kept.state = new HashMap<>(snapshot);
                naive = new HashMap<>(snapshot);
                cache = new EntityCache<>(kept, maxWeight);
            } else if (chance < 50) {
                cache.remove(key);
                kept.state.remove(key);
                naive.remove(key);
            } else if (chance < 400) {
                Count found = cache.get(key);
                assertThat(found == null ? null : found.number)
                        .as("seed %d, %d", seed, n)
                        .isEqualTo(naive.get(key));
            } else {
                count(cache, key);
                naive.merge(key, 1, Integer::sum);
            }
        }
        cache.writeAll();
        assertThat(kept.state).as("seed %d", seed).isEqualTo(naive);
    }

    @Test
    void readsAndWritesOnceWhatFits() throws IOException {
        Kept kept = new Kept();
        EntityCache<Count> cache = new EntityCache<>(kept, 5 * WEIGHT);
        for (int n = 0; n < 100; n++) {
            count(cache, n % 5);
        }
        assertThat(kept.reads).isEqualTo(5);
        assertThat(kept.writes).isZero();
        cache.writeAll();
        cache.writeAll();
        assertThat(kept.writes).isEqualTo(5);
    }

    @Test
    void givesUpWhatWasNotUsed() throws IOException {
        Kept kept = new Kept();
        EntityCache<Count> cache = new EntityCache<>(kept, 3 * WEIGHT);
        for (int n = 0; n < 1_000; n++) {
            count(cache, 7);
            count(cache, 1_000 + n);
        }
        assertThat(kept.state).hasSize(998).doesNotContainKey(7L);
    }
}
