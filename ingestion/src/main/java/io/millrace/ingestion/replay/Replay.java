package io.millrace.ingestion.replay;

import io.millrace.ingestion.Records;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** One run over one file. Not thread-safe. */
final class Replay {
    private static final String COMPONENT = "replay";
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_PENDING = 20_000;
    private static final int MAX_DEAD_BYTES = 1 << 16;

    private final ReplayPlan plan;
    private final String eventsTopic;
    private final Producer<byte[], byte[]> producer;
    private final DeadLetters deadLetters;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<ReplayProgress> listener;
    private final Pacer pacer;
    private final EventReader reader;
    private final Codec<Event> codec = Codec.of(Event.class);
    private final Deque<Pending> pending = new ArrayDeque<>();

    private long line;
    private long sent;
    private long skipped;
    private long acknowledged;
    private long timeMicros;
    private long reportedNanos;

    Replay(
            ReplayPlan plan,
            KafkaSettings settings,
            Producer<byte[], byte[]> producer,
            Clock clock,
            Ticker ticker,
            Consumer<ReplayProgress> listener) {
        this.plan = plan;
        this.eventsTopic = settings.name(Topic.EVENTS);
        this.producer = producer;
        this.deadLetters = new DeadLetters(COMPONENT, settings, producer, clock);
        this.clock = clock;
        this.ticker = ticker;
        this.listener = listener;
        this.pacer = new Pacer(plan.speed(), ticker);
        this.reader = new EventReader(TableFormat.bareName(plan.file()), plan.mapping());
    }

    private record Pending(long line, boolean isEvent, Future<RecordMetadata> future) {}

    ReplayProgress run(Table table) throws InterruptedException {
        reportedNanos = ticker.nanos();
        try {
            for (Row row : table) {
                if (row.line() >= plan.fromLine()) {
                    replay(row);
                }
            }
        } catch (DataException e) {
            finish();
            throw e;
        }
        finish();
        return progress();
    }

    private void replay(Row row) throws InterruptedException {
        EventReader.Keyed keyed;
        byte[] value;
        try {
            keyed = reader.read(row);
            value = codec.encode(keyed.event());
            if (keyed.key().length + value.length > Records.MAX_BYTES) {
                throw row.wrong(value.length + " bytes", "at most " + Records.MAX_BYTES + " bytes when encoded");
            }
        } catch (DataException e) {
            switch (plan.badRows()) {
                case FAIL -> throw e;
                case SKIP -> bury(row, e);
            }
            return;
        }
        pacer.await(keyed.event().getTimeMicros(), this::collectAndReport);
        send(row, true, new ProducerRecord<>(eventsTopic, keyed.key(), value));
        sent++;
        timeMicros = keyed.event().getTimeMicros();
    }

    private void bury(Row row, DataException reason) throws InterruptedException {
        byte[] raw = row.raw().getBytes(StandardCharsets.UTF_8);
        byte[] kept = raw.length > MAX_DEAD_BYTES ? Arrays.copyOf(raw, MAX_DEAD_BYTES) : raw;
        String source = "file:" + TableFormat.bareName(plan.file());
        send(
                row,
                false,
                deadLetters.record(DeadLetters.letter(COMPONENT, source, -1, -1, kept, reason.getMessage(), clock)));
        skipped++;
    }

    private void send(Row row, boolean isEvent, ProducerRecord<byte[], byte[]> message) throws InterruptedException {
        line = row.line();
        while (pending.size() >= MAX_PENDING) {
            collectFirst();
        }
        try {
            pending.add(new Pending(line, isEvent, producer.send(message)));
        } catch (KafkaException e) {
            throw new ReplayException(plan.file().toString(), resumeLine(line), e);
        }
        collectAndReport();
    }

    private void finish() throws InterruptedException {
        producer.flush();
        while (!pending.isEmpty()) {
            collectFirst();
        }
        listener.accept(progress());
    }

    private void collectAndReport() throws InterruptedException {
        while (!pending.isEmpty() && pending.peek().future().isDone()) {
            collectFirst();
        }
        if (ticker.nanos() - reportedNanos >= REPORT_NANOS) {
            reportedNanos = ticker.nanos();
            listener.accept(progress());
        }
    }

    private void collectFirst() throws InterruptedException {
        Pending first = pending.element();
        try {
            first.future().get();
        } catch (ExecutionException e) {
            throw new ReplayException(plan.file().toString(), first.line(), e.getCause());
        }
        pending.remove();
        if (first.isEvent()) {
            acknowledged++;
        }
    }

    private ReplayProgress progress() {
        return new ReplayProgress(line, sent, acknowledged, skipped, resumeLine(line + 1), timeMicros);
    }

    private long resumeLine(long ifNonePending) {
        return pending.isEmpty()
                ? Math.max(plan.fromLine(), ifNonePending)
                : pending.element().line();
    }
}
