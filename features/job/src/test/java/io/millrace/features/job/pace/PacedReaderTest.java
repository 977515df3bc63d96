package io.millrace.features.job.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacedReaderTest {
    private static final long NOW = 1_760_000_000_000L;
    private static final long HOUR = 3_600_000;

    private final Hand clock = new Hand();
    private final String place = UUID.randomUUID().toString();
    private final Racer large = new Racer("large");
    private final Racer small = new Racer("small");
    private final List<String> given = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        large.paced.close();
        small.paced.close();
    }

    @Test
    void keepsBacklogsInStep() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            large.holds(NOW - HOUR + i);
            small.holds(NOW - HOUR + i);
        }
        int ahead = 0;
        int difference = 0;
        // The small one is asked ten times as often.
        for (int i = 0; !large.records.isEmpty() || !small.records.isEmpty(); i++) {
            Racer next = i % 11 == 0 ? large : small;
            int before = given.size();
            next.poll();
            difference += given.size() == before ? 0 : next == small ? 1 : -1;
            ahead = Math.max(ahead, Math.abs(difference));
            clock.millis += i % 100 == 0 ? 1 : 0;
        }
        assertThat(given).hasSize(40_000);
        assertThat(ahead).isLessThan(1_100);
    }

    @Test
    void doesNotWaitInThePresent() throws Exception {
        small.holds(NOW - HOUR);
        large.holds(NOW - HOUR);
        large.poll();
        for (int i = 0; i < 2_000; i++) {
            small.holds(NOW);
            small.poll();
        }
        large.holds(NOW - HOUR);
        assertThat(small.paced.pollNext(small.output)).isEqualTo(InputStatus.MORE_AVAILABLE);
        assertThat(given).hasSize(2_002);
    }

    @Test
    void doesNotWaitForWhoHasNothingToGive() throws Exception {
        large.holds(NOW - HOUR);
        large.poll();
        large.poll();
        give(small, 600, NOW - HOUR + 1);
        poll(small, 500);
        assertThat(small.poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(small.paced.isAvailable()).isNotDone();
        clock.millis += Pace.PAUSE.toMillis();
        assertThat(small.poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    }

    @Test
    void doesNotWaitForWhoIsGone() throws Exception {
        large.holds(NOW - HOUR);
        large.holds(NOW - HOUR);
        large.poll();
        give(small, 600, NOW - HOUR + 1);
        poll(small, 500);
        assertThat(small.poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        large.paced.close();
        assertThat(small.poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    }

    @Test
    void goesOnAfterASecondWithWhoeverIsSlow() throws Exception {
        large.holds(NOW - HOUR);
        large.holds(NOW - HOUR);
        large.poll();
        give(small, 2_000, NOW - HOUR + 1);
        for (int strides = 1; strides <= 3; strides++) {
            while (small.poll() == InputStatus.MORE_AVAILABLE) {}
            assertThat(given).hasSize(1 + 500 * strides);
            clock.millis += 1_000;
        }
    }

    @Test
    void waitsForTheFirstRecordsOfWhoHasJustStarted() throws Exception {
        give(small, 600, NOW - HOUR);
        while (small.poll() == InputStatus.MORE_AVAILABLE) {}
        assertThat(given).hasSize(500);
        clock.millis += Pace.WARM_UP.toMillis();
        assertThat(small.poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    }

    @Test
    void tellsOfABacklogUntilThePresentIsReached() throws Exception {
        large.paced.close();
        give(small, 5_000, NOW - HOUR);
        poll(small, 1_500);
        assertThat(small.told).isEmpty();
        clock.millis += 500;
        poll(small, 1_000);
        assertThat(small.told).containsExactly(new BacklogEvent(true));
        poll(small, 2_500);
        give(small, 1_000, clock.millis - 1_000);
        poll(small, 1_000);
        assertThat(small.told).containsExactly(new BacklogEvent(true), new BacklogEvent(false));
    }

    @Test
    void aTopicWithLittleInItIsOutOfItsBacklogWithItsFirstRecordOfThePresent() throws Exception {
        large.paced.close();
        give(small, 2_000, NOW - HOUR);
        poll(small, 1_000);
        clock.millis += 500;
        poll(small, 1_000);
        assertThat(small.told).containsExactly(new BacklogEvent(true));
        small.holds(clock.millis);
        poll(small, 2);
        assertThat(small.told).containsExactly(new BacklogEvent(true), new BacklogEvent(false));
    }

    @Test
    void doesNotWaitWhileASplitMayHaveSomethingToGiveAndHasGivenNothing() throws Exception {
        small.paced.addSplits(List.of(new Split("0"), new Split("1")));
        large.holds(NOW - HOUR);
        large.holds(NOW - HOUR);
        large.poll();
        give(small, 2_000, NOW - HOUR + 1);
        poll(small, 1_000);
        assertThat(given).hasSize(1_001);
        clock.millis += 10_000;
        poll(small, 1_000);
        assertThat(given).as("that split is empty").hasSizeBetween(1_001, 1_501);
        assertThat(small.poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    }

    @Test
    void aBacklogIsOverWhenNothingMoreComes() throws Exception {
        large.paced.close();
        give(small, 2_000, NOW - HOUR);
        poll(small, 1_000);
        clock.millis += 500;
        poll(small, 1_001);
        assertThat(small.told).containsExactly(new BacklogEvent(true));
        assertThat(small.paced.isAvailable()).succeedsWithin(Duration.ofSeconds(10));
        clock.millis += 499;
        small.poll();
        assertThat(small.told).hasSize(1);
        clock.millis += 1;
        small.poll();
        assertThat(small.told).containsExactly(new BacklogEvent(true), new BacklogEvent(false));
    }

    private static void give(Racer racer, int count, long recordedMillis) {
        for (int i = 0; i < count; i++) {
            racer.holds(recordedMillis);
        }
    }

    private static void poll(Racer racer, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            racer.poll();
        }
    }

    private record Split(String splitId) implements SourceSplit {}

    private static final class Hand extends Clock {
        long millis = NOW;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** A reader of what it holds, and the one that paces it. */
    private final class Racer implements SourceReader<String, SourceSplit> {
        final Deque<Long> records = new ArrayDeque<>();
        final List<BacklogEvent> told = new ArrayList<>();
        final Given output;
        final PacedReader<String, SourceSplit> paced;
        private final String name;

        Racer(String name) {
            this.name = name;
            this.output = new Given();
            this.paced = new PacedReader<>(this, Pace.join(place, clock.millis()), told::add, clock);
        }

        void holds(long recordedMillis) {
            records.add(recordedMillis);
        }

        InputStatus poll() throws Exception {
            return paced.pollNext(output);
        }

        @Override
        public InputStatus pollNext(ReaderOutput<String> to) {
            Long next = records.poll();
            if (next == null) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            to.createOutputForSplit("0").collect(name, next);
            return InputStatus.MORE_AVAILABLE;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return records.isEmpty() ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }

        @Override
        public void start() {}

        @Override
        public List<SourceSplit> snapshotState(long checkpointId) {
            return List.of();
        }

        @Override
        public void addSplits(List<SourceSplit> splits) {}

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }

    private final class Given implements ReaderOutput<String> {
        @Override
        public void collect(String value) {
            given.add(value);
        }

        @Override
        public void collect(String value, long timestampMillis) {
            given.add(value);
        }

        @Override
        public SourceOutput<String> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {}

        @Override
        public void emitWatermark(Watermark watermark) {}

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }
}
