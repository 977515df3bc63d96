package io.millrace.local.chaos;

import io.millrace.local.cluster.Cluster;
import io.millrace.local.cluster.Member;
import io.millrace.local.cluster.MemberProcess.Signal;
import io.millrace.record.Delta;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Has faults happen to a cluster, and makes them good. Each call returns when the fault is over; used by one thread. */
final class Faults implements AutoCloseable {
    private static final long LOOK_AGAIN_MS = 50;
    private static final Duration GIVE_UP = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Cluster cluster;
    private final Recoveries recoveries;
    private final List<Gate> gates = new ArrayList<>();
    private final Consumer<String> tell;

    Faults(Cluster cluster, Recoveries recoveries, Consumer<String> tell) throws IOException {
        this.cluster = cluster;
        this.recoveries = recoveries;
        this.tell = tell;
        for (var gate : cluster.gates().entrySet()) {
            gates.add(new Gate(gate.getKey(), gate.getValue()));
        }
    }

    /** Has a fault happen, and returns when what it hit does its work again. */
    void happen(Fault fault) throws Exception {
        switch (fault.kind()) {
            case KILL -> {
                cluster.signal(fault.victim(), Signal.KILL);
                startAgain(fault.victim(), fault.lasts());
            }
            case RESTART -> {
                cluster.stop(fault.victim());
                startAgain(fault.victim(), fault.lasts());
            }
            case PAUSE -> {
                cluster.signal(fault.victim(), Signal.STOP);
                sleep(fault.lasts());
                cluster.signal(fault.victim(), Signal.CONT);
                awaitRecovery(fault.victim(), System.nanoTime());
            }
            case CUT -> {
                gates.forEach(Gate::shut);
                sleep(fault.lasts());
                for (Gate gate : gates) {
                    gate.reopen();
                }
            }
            case STORE -> withoutStore(fault.lasts());
            case CORRUPT_BASE -> corruptBase(fault.lasts());
            case CORRUPT_DELTA -> corruptDelta();
        }
    }

    private void startAgain(String victim, Duration after) throws Exception {
        long began = System.nanoTime();
        sleep(after);
        cluster.start(victim);
        awaitRecovery(victim, began);
    }

    /** Of a process and of what rests on it: the jobs run again, too, where Flink was hit. */
    private void awaitRecovery(String victim, long began) throws Exception {
        boolean isFlink = cluster.names(Member.Kind.TASK_MANAGER).contains(victim)
                || cluster.names(Member.Kind.JOB_MANAGER).contains(victim);
        while (!cluster.isReady(victim) || isFlink && !cluster.areJobsRunning()) {
            if (System.nanoTime() - began > GIVE_UP.toNanos()) {
                throw new IllegalStateException(
                        victim + ": not back after " + GIVE_UP.toSeconds() + " s (expected: sooner; see its log)");
            }
            // As whoever supervises processes does: one that has given up is started again.
            cluster.start(victim);
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
        recoveries.add(victim, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }

    /** A file in the place of the directory: nothing can be written below it, whoever the processes run as. */
    private void withoutStore(Duration lasts) throws IOException, InterruptedException {
        Path store = Path.of(cluster.store());
        Path away = store.resolveSibling(store.getFileName() + ".away");
        Files.move(store, away);
        Files.createFile(store);
        try {
            sleep(lasts);
        } finally {
            Files.delete(store);
            Files.move(away, store);
        }
    }

    /** A serving process that starts finds the newest base unreadable, and must begin with the one before. */
    private void corruptBase(Duration lasts) throws Exception {
        Optional<Path> newest = newestBase();
        if (newest.isEmpty()) {
            tell.accept("no base snapshot yet: none corrupted");
            return;
        }
        turnABit(newest.get());
        String victim = cluster.names(Member.Kind.SERVING).get(0);
        cluster.signal(victim, Signal.KILL);
        startAgain(victim, lasts);
        // What it was is known, and the verification that follows looks at every file.
        if (Files.exists(newest.get())) {
            turnABit(newest.get());
        }
    }

    private static void turnABit(Path base) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(base.toFile(), "rw")) {
            long at = file.length() / 2;
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before ^ 1);
        }
    }

    private Optional<Path> newestBase() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(cluster.store()))) {
            return files.filter(file -> file.toString().endsWith(".base"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()));
        }
    }

    /** The newest delta once more, as if it went further, with a bit turned. */
    private void corruptDelta() {
        String topic = cluster.kafka().name(Topic.MODEL_UPDATES);
        Codec<Delta> codec = Codec.of(Delta.class);
        try (var consumer = Follower.consumer(cluster.kafka());
                Producer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.kafka().producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            if (end == 0) {
                tell.accept("no delta yet: none corrupted");
                return;
            }
            consumer.seek(partition, end - 1);
            ConsumerRecord<byte[], byte[]> last = null;
            for (int i = 0; last == null && i < 20; i++) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    last = read;
                }
            }
            if (last == null) {
                tell.accept("the newest delta cannot be read: none corrupted");
                return;
            }
            Delta delta = codec.decode(last.value());
            delta.setFrom(delta.getTo());
            delta.setTo(delta.getTo() + 1);
            byte[] values = new byte[delta.getValues().remaining()];
            delta.getValues().duplicate().get(values);
            values[values.length / 2] ^= 1;
            delta.setValues(ByteBuffer.wrap(values));
            producer.send(new ProducerRecord<>(topic, 0, last.key(), codec.encode(delta)));
        }
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    @Override
    public void close() {
        gates.forEach(Gate::close);
    }
}
