package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.Observation;
import io.millrace.features.aggregate.Tiles;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublicationsTest {
    private static final AggregateGroup GROUP =
            AggregateGroup.of(SpecReader.read("""
                    pipeline: shop
                    decision: {subject: user, candidate: {item: categorical}}
                    feedback: {reward: {click: 1}}
                    events: {sale: {entities: [item]}}
                    features: {sales: {count: sale, by: item}}
                    """, "shop.yaml")).get(0);

    private static final Tiles NO_TILES = new Tiles() {
        @Override
        public byte @Nullable [] get(long aggregate, long tile) {
            return null;
        }

        @Override
        public void put(long aggregate, long tile, byte[] state) {}

        @Override
        public void remove(long aggregate, long tile) {}

        @Override
        public void forEach(long aggregate, Visitor visitor) {}
    };

    private static final class TestingClock implements ProcessingTimeService {
        private final List<ProcessingTimeCallback> callbacks = new ArrayList<>();
        private long millis;
        private long dueMillis;

        @Override
        public long getCurrentProcessingTime() {
            return millis;
        }

        @Override
        public ScheduledFuture<?> registerTimer(long timestamp, ProcessingTimeCallback target) {
            assertThat(callbacks).as("one timer at a time").isEmpty();
            callbacks.add(target);
            dueMillis = timestamp;
            return new Pending();
        }

        void pass(long more) throws Exception {
            for (long n = 0; n < more; n++) {
                millis++;
                if (!callbacks.isEmpty() && dueMillis <= millis) {
                    callbacks.remove(0).onProcessingTime(dueMillis);
                }
            }
        }
    }

    private static final class Pending extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }

    private final TestingClock clock = new TestingClock();
    private final List<Departure> published = new ArrayList<>();
    private final Publications publications =
            new Publications(clock, packed -> published.add(Departure.unpack(packed)));

    private static Entity entity(long key) {
        return new Entity(GROUP, key, new EntityState(GROUP, null, NO_TILES));
    }

    private void happens(Entity entity) {
        entity.state().add(0, new Observation(1, 1, 1, 0, 0));
        publications.add(entity);
    }

    private static double count(Departure departure) {
        FeatureValues values = Codec.of(FeatureValues.class).decode(departure.value());
        return values.getValues().get(0).getNumbers().get(0);
    }

    @Test
    void severalChangesWithinAMomentAreOneRecordOfTheLast() throws Exception {
        Entity one = entity(1);
        happens(one);
        clock.pass(Publications.MOMENT_MS - 1);
        happens(one);
        assertThat(published).isEmpty();
        clock.pass(1);
        assertThat(published)
                .singleElement()
                .satisfies(departure -> assertThat(count(departure)).isEqualTo(2));
        clock.pass(10 * Publications.MOMENT_MS);
        happens(one);
        clock.pass(Publications.MOMENT_MS);
        assertThat(published)
                .hasSize(2)
                .last()
                .satisfies(departure -> assertThat(count(departure)).isEqualTo(3));
    }

    @Test
    void manyChangesWaitLongerButNotForEver() throws Exception {
        List<Entity> many = new ArrayList<>();
        for (int n = 0; n <= Publications.FEW; n++) {
            many.add(entity(n));
        }
        long lasts = 0;
        while (published.isEmpty()) {
            many.forEach(this::happens);
            clock.pass(1);
            lasts++;
        }
        assertThat(lasts).isBetween(Publications.LONG_MS, Publications.LONG_MS + Publications.MOMENT_MS);
        assertThat(published)
                .hasSize(many.size())
                .allSatisfy(departure -> assertThat(count(departure)).isGreaterThanOrEqualTo(Publications.LONG_MS));
    }

    @Test
    void whatIsPublishedAtOnceIsNotPublishedAgain() throws Exception {
        Entity one = entity(1);
        Entity other = entity(2);
        happens(one);
        happens(other);
        publications.publish(one);
        publications.publishNothing(other);
        publications.publishAll();
        clock.pass(Publications.LONG_MS);
        assertThat(published).hasSize(2);
        assertThat(published.get(1).isTombstone()).isTrue();
    }
}
