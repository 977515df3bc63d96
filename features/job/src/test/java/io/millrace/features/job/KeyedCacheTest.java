package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums that are told and forgotten some time after they began, with a cache of any size as without one. */
class KeyedCacheTest {
    private static final int STEPS = 2_000;
    private static final int KEYS = 60;
    private static final long LIFE = 40;

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 5_000, Long.MAX_VALUE})
    void keepsAndTellsWhatWouldBeWithoutIt(long mostBytes) {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Cached cached = new Cached(mostBytes);
            Naive naive = new Naive();
            Disk savedDisk = new Disk();
            Naive savedNaive = new Naive();
            for (long time = 0; time < STEPS; time++) {
                long key = random.nextInt(KEYS);
                long value = random.nextInt(1, 100);
                switch (random.nextInt(20)) {
                    case 0 -> {
                        cached.cache.flush();
                        assertThat(cached.disk.states)
                                .as("seed %d, time %d", seed, time)
                                .isEqualTo(naive.sums);
                        savedDisk = cached.disk.copy();
                        savedNaive = naive.copy();
                    }
                    case 1 -> {
                        cached = new Cached(mostBytes, savedDisk.copy());
                        naive = savedNaive.copy();
                    }
                    case 2 -> cached.look(key);
                    default -> {
                        cached.add(key, value, time);
                        naive.add(key, value, time);
                    }
                }
                if (random.nextInt(3) == 0) {
                    cached.reach(time);
                    naive.reach(time);
                    assertThat(cached.told)
                            .as("seed %d, time %d", seed, time)
                            .containsExactlyInAnyOrderElementsOf(naive.told);
                    cached.told.clear();
                    naive.told.clear();
                }
            }
        }
    }

    @Test
    void readsAndWritesNothingInBetween() {
        Cached cached = new Cached(Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            cached.add(7, 1, 0);
        }
        cached.cache.flush();
        for (int i = 0; i < 10; i++) {
            cached.add(7, 1, 0);
        }
        cached.cache.flush();
        assertThat(cached.disk.reads).isEqualTo(1);
        assertThat(cached.disk.writes).isEqualTo(2);
        assertThat(cached.disk.states).isEqualTo(Map.of(7L, List.of(20L, LIFE)));
        assertThat(cached.disk.timers).isEqualTo(Map.of(LIFE, new TreeSet<>(List.of(7L))));
    }

    @Test
    void leavesNoTraceOfWhatComesAndGoesBetweenTwoFlushes() {
        Cached cached = new Cached(Long.MAX_VALUE);
        cached.add(7, 1, 0);
        cached.reach(LIFE);
        cached.cache.flush();
        assertThat(cached.told).containsExactly("7: 1");
        assertThat(cached.disk.writes).isZero();
        assertThat(cached.disk.timers).isEmpty();
    }

    /** A sum, and when it is told. */
    private static final class Sum {
        long sum;
        long due = KeyedCache.NEVER;
    }

    /** States and timers as a checkpoint has them. */
    private static final class Disk implements KeyedCache.Store<Sum> {
        final Map<Long, List<Long>> states = new HashMap<>();
        final TreeMap<Long, TreeSet<Long>> timers = new TreeMap<>();
        int reads;
        int writes;

        Disk copy() {
            Disk copy = new Disk();
            copy.states.putAll(states);
            timers.forEach((time, keys) -> copy.timers.put(time, new TreeSet<>(keys)));
            return copy;
        }

        @Override
        public @Nullable Sum read(long key) {
            reads++;
            List<Long> written = states.get(key);
            if (written == null) {
                return null;
            }
            Sum sum = new Sum();
            sum.sum = written.get(0);
            sum.due = written.get(1);
            return sum;
        }

        @Override
        public void write(long key, Sum state) {
            writes++;
            states.put(key, List.of(state.sum, state.due));
        }

        @Override
        public void remove(long key) {
            states.remove(key);
        }

        @Override
        public boolean isEmpty(Sum state) {
            return state.due == KeyedCache.NEVER;
        }

        @Override
        public long due(Sum state) {
            return state.due;
        }

        @Override
        public long weight(Sum state) {
            return 16;
        }

        @Override
        public void wakeAt(long key, long timeMillis) {
            timers.computeIfAbsent(timeMillis, time -> new TreeSet<>()).add(key);
        }
    }

    private static final class Cached {
        final Disk disk;
        final KeyedCache<Sum> cache;
        final List<String> told = new ArrayList<>();

        Cached(long mostBytes) {
            this(mostBytes, new Disk());
        }

        Cached(long mostBytes, Disk disk) {
            this.disk = disk;
            this.cache = new KeyedCache<>(disk, mostBytes);
        }

        void add(long key, long value, long time) {
            KeyedCache.Entry<Sum> entry = find(key);
            Sum sum = entry.state();
            sum.sum += value;
            // Odd values put off what is due, so that timers come too early.
            sum.due = sum.due == KeyedCache.NEVER || value % 2 == 1 ? time + LIFE : sum.due;
            cache.release(entry, true);
        }

        void look(long key) {
            cache.release(find(key), false);
        }

        private KeyedCache.Entry<Sum> find(long key) {
            KeyedCache.@Nullable Entry<Sum> known = cache.find(key);
            return known == null ? cache.begin(key, new Sum()) : known;
        }

        void reach(long time) {
            for (KeyedCache.Entry<Sum> due = cache.poll(time); due != null; due = cache.poll(time)) {
                tell(due, time);
            }
            while (!disk.timers.isEmpty() && disk.timers.firstKey() <= time) {
                for (long key : disk.timers.pollFirstEntry().getValue()) {
                    KeyedCache.@Nullable Entry<Sum> entry = cache.wake(key);
                    if (entry != null) {
                        tell(entry, time);
                    }
                }
            }
        }

        private void tell(KeyedCache.Entry<Sum> entry, long time) {
            Sum sum = entry.state();
            boolean isDue = sum.due <= time;
            if (isDue) {
                told.add(entry.key() + ": " + sum.sum);
                sum.sum = 0;
                sum.due = KeyedCache.NEVER;
            }
            cache.release(entry, isDue);
        }
    }

    private static final class Naive {
        final Map<Long, List<Long>> sums = new HashMap<>();
        final List<String> told = new ArrayList<>();

        Naive copy() {
            Naive copy = new Naive();
            copy.sums.putAll(sums);
            return copy;
        }

        void add(long key, long value, long time) {
            List<Long> before = sums.get(key);
            boolean begins = before == null || value % 2 == 1;
            sums.put(key, List.of((before == null ? 0 : before.get(0)) + value, begins ? time + LIFE : before.get(1)));
        }

        void reach(long time) {
            sums.entrySet().removeIf(entry -> {
                boolean isDue = entry.getValue().get(1) <= time;
                if (isDue) {
                    told.add(entry.getKey() + ": " + entry.getValue().get(0));
                }
                return isDue;
            });
        }
    }
}
