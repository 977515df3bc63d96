package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.millrace.features.history.HistoryTable;
import io.millrace.features.job.history.HistoryJob;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Erasure;
import io.millrace.record.Event;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.record.Slot;
import io.millrace.testkit.TestingKafka;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 23;
    private static final int RECORDS = 3_000;
    private static final long START =
            TimeUnit.MILLISECONDS.toMicros(Instant.parse("2026-05-01T00:00:00Z").toEpochMilli());
    private static final long DAYS = 3;
    private static final JoinJobSettings SETTINGS = JoinJobSettings.defaults()
            .withParallelism(2)
            .withCheckpointInterval(Duration.ofMillis(500))
            .withTransactionalIdPrefix("millrace-history");
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision:
              subject: user
              context: {hour: numeric}
              candidate: {item: categorical, tags: categorical_set, taste: weighted_set, picture: embedding}
            feedback: {reward: {click: 1}}
            events: {sale: {entities: [user, item], values: {price: numeric, shop: categorical}}}
            """, "shop.yaml");

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final FeatureVector vector = new FeatureVector(SPEC.featureSet());
    private final Map<Topic, Integer> sent = new HashMap<>();
    private final List<String> expected = new ArrayList<>();
    private TestingKafka kafka;
    private Producer<byte[], byte[]> producer;
    private TestingFlink flink;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.start(1);
        producer = kafka.producer();
        flink = new TestingFlink(this::build);
    }

    @AfterEach
    void stop() throws Exception {
        flink.close();
        producer.close();
        kafka.close();
    }

    private void build(StreamExecutionEnvironment environment) {
        JoinJob.configure(environment, SETTINGS);
        HistoryJob.build(environment, kafka.settings(), SPEC, directory.toUri(), SETTINGS, Clock.systemUTC());
    }

    @Test
    void everyRecordIsInAFileOfItsDayOnceWhateverDies() throws Exception {
        flink.submit();
        for (int n = 0; n < RECORDS; n++) {
            sendAny(n);
            if (n == RECORDS / 3) {
                producer.flush();
                awaitFiles();
                flink.loseTaskManager();
            } else if (n == 2 * RECORDS / 3) {
                producer.flush();
                flink.restart();
            } else if (n % 30 == 0) {
                // So that checkpoints fall between records, and faults between checkpoints.
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        producer.flush();
        assertThat(awaitRows(expected.size())).as("seed %s", SEED).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void whatCannotBeReadIsADeadLetterAndTheRestGoesOn() throws Exception {
        flink.submit();
        List<Topic> topics = List.of(Topic.EVENTS, Topic.DECISIONS, Topic.FEEDBACK, Topic.OUTCOMES, Topic.EXAMPLES);
        for (Topic topic : topics) {
            send(topic, new byte[] {1, 2, 3});
        }
        send(Topic.EVENTS, Codec.of(Feedback.class).encode(feedback(1)));
        sendAny(4);
        Erasure erasure = new Erasure(9L, START);
        expect(Topic.ERASURES, Topic.EXAMPLES, erasure);
        send(Topic.EXAMPLES, Codec.of(Erasure.class).encode(erasure));
        producer.flush();
        assertThat(awaitRows(expected.size())).containsExactlyInAnyOrderElementsOf(expected);
        try (TestingTopics reader = new TestingTopics(kafka)) {
            List<DeadLetter> letters =
                    reader.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> all.size() >= 6);
            assertThat(letters).extracting(DeadLetter::getComponent).containsOnly("history");
            assertThat(letters)
                    .extracting(DeadLetter::getTopic)
                    .containsExactlyInAnyOrder("events", "events", "decisions", "feedback", "outcomes", "examples");
        }
    }

    private void sendAny(int n) {
        switch (n % 5) {
            case 0 -> send(Topic.EVENTS, Event.class, event(n));
            case 1 -> send(Topic.DECISIONS, Decision.class, decision(n));
            case 2 -> send(Topic.FEEDBACK, Feedback.class, feedback(n));
            case 3 -> send(Topic.OUTCOMES, Outcome.class, outcome(n));
            default -> send(Topic.EXAMPLES, Example.class, example(n));
        }
    }

    private long time() {
        return START + random.nextLong(TimeUnit.DAYS.toMicros(DAYS));
    }

    private Event event(int n) {
        return new Event(
                "e" + n,
                "sale",
                time(),
                Map.of("user", "u" + random.nextInt(9)),
                random.nextBoolean() ? Map.of("price", random.nextDouble()) : Map.of("shop", "s", "price", "dear"));
    }

    private Feedback feedback(int n) {
        return Feedback.newBuilder()
                .setId("f" + n)
                .setDecisionId("d" + n)
                .setSlot(random.nextBoolean() ? random.nextInt(3) : null)
                .setKind("click")
                .setTimeMicros(time())
                .build();
    }

    private Decision decision(int n) {
        byte[] shared = vector().packShared();
        List<Slot> slate = new ArrayList<>();
        for (int slot = random.nextInt(4); slot > 0; slot--) {
            slate.add(new Slot(
                    "i" + slot,
                    ByteBuffer.wrap(vector().packCandidate()),
                    random.nextFloat(),
                    random.nextDouble(),
                    1.0));
        }
        return Decision.newBuilder()
                .setId("d" + n)
                .setSubject("ann")
                .setTimeMicros(time())
                .setFeatureSet("shop")
                .setFeatureSetVersion(version())
                .setShared(ByteBuffer.wrap(shared))
                .setArm("learned")
                .setExplored(random.nextBoolean())
                .setSlate(slate)
                .setCandidates(9)
                .setPolicy("greedy")
                .build();
    }

    private Outcome outcome(int n) {
        long time = time();
        return Outcome.newBuilder()
                .setId("o" + n)
                .setDecisionId("d" + n)
                .setSlot(0)
                .setItem("i")
                .setSubject("ann")
                .setArm("control")
                .setKind("click")
                .setValue(1)
                .setClosed(random.nextBoolean())
                .setReward(random.nextInt(3))
                .setTimeMicros(time)
                .setDecisionTimeMicros(time - 5)
                .setFeatureSet("shop")
                .setFeatureSetVersion(version())
                .setFeatures(ByteBuffer.wrap(vector().pack()))
                .build();
    }

    private Example example(int n) {
        return Example.newBuilder()
                .setDecisionId("d" + n)
                .setSlot(0)
                .setFeatureSet("shop")
                .setFeatureSetVersion(version())
                .setFeatures(ByteBuffer.wrap(vector().pack()))
                .setReward(random.nextInt(2))
                .setPropensity(random.nextDouble())
                .setArm("learned")
                .setDecisionTimeMicros(time())
                .setLabelDelayMicros(random.nextInt(1000))
                .setVariants(Map.of("x", "y"))
                .build();
    }

    /** One in ten is of a feature set that nobody knows any more. */
    private long version() {
        return random.nextInt(10) == 0 ? 7 : SPEC.featureSet().version();
    }

    private FeatureVector vector() {
        vector.clear().categorical(0, random.nextLong());
        if (random.nextBoolean()) {
            vector.numeric(1, random.nextFloat());
        }
        vector.categorical(2, random.nextLong());
        if (random.nextBoolean()) {
            vector.hashes(3, 1, 2, random.nextLong());
        }
        return vector.weightedSet(4, new long[] {3}, new float[] {random.nextFloat()})
                .embedding(5, random.nextFloat(), 2);
    }

    private <T extends SpecificRecord> void send(Topic topic, Class<T> type, T log) {
        expect(topic, topic, log);
        send(topic, Codec.of(type).encode(log));
    }

    private void send(Topic topic, byte[] bytes) {
        producer.send(new ProducerRecord<>(topic.text(), 0, null, bytes));
        sent.merge(topic, 1, Integer::sum);
    }

    /** What its rows look like, with topic and day. */
    private void expect(Topic table, Topic topic, SpecificRecord log) {
        LocalDate day = LocalDate.ofInstant(
                Instant.EPOCH.plus(HistoryTable.timeMicros(log), ChronoUnit.MICROS), ZoneOffset.UTC);
        HistoryTable.of(table, SPEC)
                .rows(
                        log,
                        0,
                        sent.getOrDefault(topic, 0),
                        row -> expected.add(table.text() + "/day=" + day + " " + text(row)));
    }

    private static String text(GenericRecord row) {
        return GenericData.get().toString(row);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private void awaitFiles() throws Exception {
        while (files().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** All rows of finished files, once there are that many, and a checkpoint later. */
    private List<String> awaitRows(int count) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> rows = rows();
        while (rows.size() < count && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(200);
            rows = rows();
        }
        TimeUnit.MILLISECONDS.sleep(2 * SETTINGS.commits().checkpointInterval().toMillis());
        return rows();
    }

    private List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Path file : files()) {
            String place = directory.relativize(file.getParent()).toString();
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file), new PlainParquetConfiguration())
                    .withDataModel(GenericData.get())
                    .withCodecFactory(new Unzstd())
                    .build()) {
                for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                    rows.add(place + " " + text(row));
                }
            }
        }
        return rows;
    }

    private static final class Unzstd
            implements CompressionCodecFactory, CompressionCodecFactory.BytesInputDecompressor {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName name) {
            throw new UnsupportedOperationException("files are only read here");
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
            assertThat(name).isEqualTo(CompressionCodecName.ZSTD);
            return this;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(Zstd.decompress(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer in, int compressed, ByteBuffer out, int size) {
            byte[] page = new byte[compressed];
            in.get(page);
            out.put(Zstd.decompress(page, size));
        }

        @Override
        public void release() {}
    }
}
