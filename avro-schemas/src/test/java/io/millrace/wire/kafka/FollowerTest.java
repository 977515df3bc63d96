package io.millrace.wire.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers connect when they are polled, so no broker is needed. */
@Timeout(60)
class FollowerTest {
    private static final KafkaSettings NOWHERE = KafkaSettings.of("127.0.0.1:9");

    @Test
    void startsOverWithANewConsumerWhateverATaskThrows() throws InterruptedException {
        FailingTask task = new FailingTask();
        Follower follower = Follower.start("test", NOWHERE, () -> task);
        assertThat(task.finalRounds.await(30, TimeUnit.SECONDS)).isTrue();
        follower.close();
        assertThat(task.consumers).hasSize(3);
    }

    /** Fails twice, then goes on. */
    private static final class FailingTask implements Follower.Task {
        private final Set<Consumer<byte[], byte[]>> consumers = ConcurrentHashMap.newKeySet();
        private final CountDownLatch finalRounds = new CountDownLatch(2);

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            consumers.add(consumer);
            if (consumers.size() == 1) {
                throw new KafkaException("the broker is away");
            }
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            if (consumers.size() == 2) {
                throw new IllegalStateException("a fault");
            }
            finalRounds.countDown();
        }
    }
}
