package io.millrace.ingestion.replay;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Replays files into the topic {@code events}, at the pace at which the events happened or a multiple of it, in the order of
 * the file.
 *
 * <p>An event is written at least once: a replay that is cut short goes on from {@link ReplayProgress#resumeLine()}, which may
 * repeat some events under the ids that they had. For use by one thread; interrupt it to stop.
 */
public final class Replayer implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int LINGER_MS = 2;

    private final KafkaSettings settings;
    private final Clock clock;
    private final Ticker ticker;
    private final Producer<byte[], byte[]> producer;

    /** @param clock stamps dead letters */
    public Replayer(KafkaSettings settings, Clock clock, Ticker ticker) {
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        Properties properties = settings.producer();
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(LINGER_MS));
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(1 << 17));
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Replays a file, and returns when all of it is acknowledged.
     *
     * @param listener told about once a second, on the calling thread, and once at the end
     * @throws DataException if the file cannot be read, or at a bad row where the plan says so; what stands before it is
     *     acknowledged by then
     * @throws ReplayException if Kafka does not take a record
     * @throws InterruptedException if the thread is interrupted; what was sent may be written
     */
    public ReplayProgress replay(ReplayPlan plan, Consumer<ReplayProgress> listener) throws InterruptedException {
        try (Table table = Table.open(plan.file())) {
            table.require(plan.mapping().columns());
            return new Replay(plan, settings, producer, clock, ticker, listener).run(table);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
