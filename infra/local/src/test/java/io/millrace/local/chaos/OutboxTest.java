package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int MESSAGES = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final List<Integer> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @AfterEach
    void stop() {
        later.shutdownNow();
    }

    @Test
    void deliversEverythingOnceAfterAnOutageThatIsKnockedAtNowAndThen() throws Exception {
        AtomicBoolean up = new AtomicBoolean();
        Outbox<Integer> outbox = new Outbox<>(message -> tried(message, up), later);
        IntStream.range(0, MESSAGES).forEach(outbox::post);
        TimeUnit.MILLISECONDS.sleep(1500);
        assertThat(tries.get()).as("tries in 1.5 s").isBetween(2, 64 + 10);
        assertThat(acknowledged).isEmpty();
        up.set(true);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (acknowledged.size() < MESSAGES && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(acknowledged)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, MESSAGES).boxed().toList());
        assertThat(most.get()).isLessThanOrEqualTo(64);
    }

    private CompletableFuture<Boolean> tried(int message, AtomicBoolean up) {
        tries.incrementAndGet();
        most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        later.schedule(
                () -> {
                    inFlight.decrementAndGet();
                    if (up.get()) {
                        acknowledged.add(message);
                    }
                    answer.complete(up.get());
                },
                1,
                TimeUnit.MILLISECONDS);
        return answer;
    }
}
