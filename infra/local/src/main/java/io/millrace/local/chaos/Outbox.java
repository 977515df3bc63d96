package io.millrace.local.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an application has to post, and sends until it is acknowledged, as an ordinary client does: so many at a time, and after a
 * failure, until something is acknowledged again, one at a time with growing pauses. An outage is thus met by a knock now and
 * then, not by everybody who waits.
 *
 * <p>Safe for use by several threads.
 */
final class Outbox<T> {
    private static final int IN_FLIGHT = 64;
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final Function<T, CompletionStage<Boolean>> sender;
    private final ScheduledExecutorService later;
    private final Deque<T> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean failing;
    private boolean pausing;
    private long pauseMs = FIRST_PAUSE_MS;

    /**
     * @param sender tries once; whether it was acknowledged, and never exceptionally
     * @param later wakes after pauses
     */
    Outbox(Function<T, CompletionStage<Boolean>> sender, ScheduledExecutorService later) {
        this.sender = sender;
        this.later = later;
    }

    void post(T message) {
        synchronized (this) {
            waiting.addLast(message);
        }
        send();
    }

    private void send() {
        for (T next = take(); next != null; next = take()) {
            T message = next;
            sender.apply(message).thenAccept(acknowledged -> tried(message, acknowledged));
        }
    }

    private synchronized @Nullable T take() {
        if (pausing || inFlight >= (failing ? 1 : IN_FLIGHT)) {
            return null;
        }
        T next = waiting.pollFirst();
        if (next != null) {
            inFlight++;
        }
        return next;
    }

    private void tried(T message, boolean acknowledged) {
        synchronized (this) {
            inFlight--;
            if (acknowledged) {
                failing = false;
                pauseMs = FIRST_PAUSE_MS;
            } else {
                waiting.addLast(message);
                pause();
            }
        }
        send();
    }

    private void pause() {
        failing = true;
        if (!pausing) {
            pausing = true;
            later.schedule(this::goOn, pauseMs, TimeUnit.MILLISECONDS);
            pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        }
    }

    private void goOn() {
        synchronized (this) {
            pausing = false;
        }
        send();
    }
}
