package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AcknowledgerTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Acknowledger acknowledger = new Acknowledger(producer);

    @Test
    void acknowledgesWhenTheLastRecordIsAcknowledged() {
        CompletableFuture<Void> acknowledged = acknowledger.send(records(3));
        producer.completeNext();
        producer.completeNext();
        assertThat(acknowledged).isNotDone();
        producer.completeNext();
        assertThat(acknowledged).isCompleted();
        assertThat(producer.history())
                .extracting(record -> (int) record.value()[0])
                .containsExactly(0, 1, 2);
    }

    @Test
    void failsWhenOneRecordFailsWhateverBecomesOfTheOthers() {
        CompletableFuture<Void> acknowledged = acknowledger.send(records(3));
        producer.completeNext();
        producer.errorNext(new TimeoutException("expired"));
        producer.completeNext();
        assertThatThrownBy(acknowledged::join).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void sendsNothingMoreAfterARecordThatCouldNotBeSent() {
        producer.sendException = new TimeoutException("buffer full");
        CompletableFuture<Void> acknowledged = acknowledger.send(records(3));
        assertThat(acknowledged).isCompletedExceptionally();
        producer.sendException = null;
        assertThat(producer.history()).isEmpty();
        producer.close();
        assertThat(acknowledger.send(records(1))).isCompletedExceptionally();
    }

    @Test
    void letsOneRequestTryAndFailsTheOthersAtOnceWhileSendersWouldBlock() throws Exception {
        CountDownLatch isBlocked = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        AtomicBoolean isDown = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        MockProducer<byte[], byte[]> blocking =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
                        if (tries.incrementAndGet() == 2) {
                            isBlocked.countDown();
                            awaitQuietly(isOver);
                        }
                        if (isDown.get()) {
                            throw new TimeoutException("no leader");
                        }
                        return super.send(message, callback);
                    }
                };
        Acknowledger shared = new Acknowledger(blocking);
        assertThat(shared.send(records(1))).isCompletedExceptionally();
        CompletableFuture<CompletableFuture<Void>> trying =
                CompletableFuture.supplyAsync(() -> shared.send(records(1)));
        isBlocked.await();
        for (int i = 0; i < 100; i++) {
            assertThat(shared.send(records(1))).isCompletedExceptionally();
        }
        assertThat(tries).hasValue(2);
        isDown.set(false);
        isOver.countDown();
        assertThat(trying.join()).isCompleted();
        for (int i = 0; i < 100; i++) {
            assertThat(shared.send(records(1))).isCompleted();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Outgoing> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Outgoing("id-" + i, new ProducerRecord<>("t", new byte[0], new byte[] {(byte) i})))
                .toList();
    }
}
