package io.millrace.features.job.pace;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;

/** A reader that waits, in a backlog, while another of the same place is behind, and tells its enumerator whether it is in one. */
@SuppressWarnings("try") // what the reader within throws, this one does
final class PacedReader<T, S extends SourceSplit> implements SourceReader<T, S> {
    /** What was recorded so recently is the present, in which nobody waits. */
    static final Duration PRESENT = Duration.ofSeconds(5);
    /** Who has been in the past for so long is in a backlog, and who has had nothing to give for so long is not. */
    private static final long SETTLING_MILLIS = 500;
    /** How many records one may be ahead; it looks how far others are after so many. */
    private static final int STRIDE = 500;

    /** After so long, a split that has given nothing is empty. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final long LOOK_WHETHER_OVER_MILLIS = 100;
    private static final long HAS_MORE = -1;
    /** Whoever is behind for so long is slow, or comes from another time: one does not wait for it longer. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final SourceReader<T, S> reader;
    private final Clock clock;
    private final Pace.Runner runner;
    private final Consumer<BacklogEvent> enumerator;
    private final Map<ReaderOutput<T>, Timed> outputs = new HashMap<>(1);
    private final Set<String> silent = new HashSet<>();
    private long silentUntilMillis;
    private long recordedMillis;
    private int given;
    private long waitingFromMillis;
    private long emptyFromMillis = HAS_MORE;
    private boolean isWaiting;
    private long pastFromMillis;
    private boolean isInThePast;
    private boolean isInBacklog;

    /** @param enumerator is told when this comes into a backlog and out of it */
    PacedReader(SourceReader<T, S> reader, Pace.Runner runner, Consumer<BacklogEvent> enumerator, Clock clock) {
        this.reader = reader;
        this.runner = runner;
        this.enumerator = enumerator;
        this.clock = clock;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (given >= STRIDE && mustWait(clock.millis())) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        InputStatus status = reader.pollNext(outputs.computeIfAbsent(output, Timed::new));
        if (status != InputStatus.MORE_AVAILABLE) {
            pause(clock.millis());
        }
        return status;
    }

    private void pause(long now) {
        runner.hasNothing(now);
        if (emptyFromMillis == HAS_MORE) {
            emptyFromMillis = now;
        }
        boolean isAtTheEnd = now - emptyFromMillis >= SETTLING_MILLIS;
        if (isAtTheEnd || isPresent(now)) {
            arrive();
        }
    }

    private boolean mustWait(long now) {
        boolean isPast = !isPresent(now);
        look(isPast, now);
        if (isPast && !isAnySilent(now) && runner.isAhead(now)) {
            if (!isWaiting) {
                isWaiting = true;
                waitingFromMillis = now;
            }
            if (now - waitingFromMillis < PATIENCE_MILLIS) {
                return true;
            }
        }
        isWaiting = false;
        given = 0;
        return false;
    }

    private boolean isPresent(long now) {
        return now - recordedMillis <= PRESENT.toMillis();
    }

    /**
     * Whether there is a split that has given nothing yet, and may have something to give. While this reader waits nothing is read of it, and who watches event time would take
     * it for empty.
     */
    private boolean isAnySilent(long now) {
        if (!silent.isEmpty() && now >= silentUntilMillis) {
            silent.clear();
        }
        return !silent.isEmpty();
    }

    private void look(boolean isPast, long now) {
        if (!isPast) {
            arrive();
        } else if (!isInThePast) {
            isInThePast = true;
            pastFromMillis = now;
        } else if (!isInBacklog && now - pastFromMillis >= SETTLING_MILLIS) {
            isInBacklog = true;
            enumerator.accept(new BacklogEvent(true));
        }
    }

    /** Nothing more lies in the past. */
    private void arrive() {
        isInThePast = false;
        if (isInBacklog) {
            isInBacklog = false;
            enumerator.accept(new BacklogEvent(false));
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        if (isWaiting) {
            return after(LOOK_AGAIN_MILLIS);
        }
        CompletableFuture<Void> available = reader.isAvailable();
        return isInBacklog && !available.isDone()
                ? CompletableFuture.anyOf(available, after(LOOK_WHETHER_OVER_MILLIS))
                        .thenApply(any -> null)
                : available;
    }

    private static CompletableFuture<Void> after(long millis) {
        return new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void start() {
        reader.start();
    }

    @Override
    public List<S> snapshotState(long checkpointId) {
        return reader.snapshotState(checkpointId);
    }

    @Override
    public void addSplits(List<S> splits) {
        splits.forEach(split -> silent.add(split.splitId()));
        silentUntilMillis = clock.millis() + SILENCE.toMillis();
        reader.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        reader.handleSourceEvents(event);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        reader.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
        reader.pauseOrResumeSplits(toPause, toResume);
    }

    @Override
    public void close() throws Exception {
        runner.close();
        reader.close();
    }

    private void gave(long timestampMillis) {
        recordedMillis = timestampMillis;
        given++;
        emptyFromMillis = HAS_MORE;
        runner.gave(timestampMillis);
    }

    /** Tells when records were recorded, which is their timestamp here. */
    private class TimedSplit implements SourceOutput<T> {
        private final SourceOutput<T> output;

        TimedSplit(SourceOutput<T> output) {
            this.output = output;
        }

        @Override
        public void collect(T value) {
            output.collect(value);
        }

        @Override
        public void collect(T value, long timestampMillis) {
            gave(timestampMillis);
            output.collect(value, timestampMillis);
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            output.emitWatermark(watermark);
        }

        @Override
        public void markIdle() {
            output.markIdle();
        }

        @Override
        public void markActive() {
            output.markActive();
        }
    }

    private final class Timed extends TimedSplit implements ReaderOutput<T> {
        private final ReaderOutput<T> output;

        Timed(ReaderOutput<T> output) {
            super(output);
            this.output = output;
        }

        @Override
        public SourceOutput<T> createOutputForSplit(String splitId) {
            silent.remove(splitId);
            return new TimedSplit(output.createOutputForSplit(splitId));
        }

        @Override
        public void releaseOutputForSplit(String splitId) {
            output.releaseOutputForSplit(splitId);
        }
    }
}
