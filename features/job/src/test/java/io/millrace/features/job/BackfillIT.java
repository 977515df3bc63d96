package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistoryException;
import io.millrace.features.job.backfill.HistorySource;
import io.millrace.features.job.backfill.HistoryWriter;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.AggregateValue;
import io.millrace.record.Event;
import io.millrace.record.FeatureValues;
import io.millrace.record.Outcome;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that begins with files and goes on with topics comes to the same as one that had everything from topics. */
class BackfillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JoinJobSettings SETTINGS =
            JoinJobSettings.defaults().withParallelism(2).withTransactionalIdPrefix("millrace-features");
    private static final Instant UNTIL = Instant.parse("2001-01-25T00:00:00Z");
    /** Far from where a tile ends. */
    private static final Instant LAST = Instant.parse("2001-02-01T00:30:00Z");

    /** An airport's last departure, two days and a tile before its routes have nothing in their window. */
    private static final Instant CLOSED_AT = Instant.parse("2001-01-29T22:50:00Z");

    private static final int CLOSED = 8;
    /** How far their departures went, and no other. */
    private static final double FAR = 9_999;

    private static final int DEPARTURES = 20_000;
    private static final int AIRPORTS = 30;
    private static final List<String> BIT_EQUAL = List.of(
            "departures",
            "departures_7d",
            "shortest",
            "longest",
            "longest_2d",
            "newest",
            "tails",
            "tails_3d",
            "last_destinations",
            "carriers",
            "quiet");
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: flights
            decision: {subject: user, candidate: {item: categorical, origin: categorical, destination: categorical}}
            feedback: {reward: {late: 1}}
            events:
              departure:
                entities: [origin, destination]
                values: {delay: numeric, distance: numeric, carrier: categorical, tail: categorical}
            features:
              departures: {count: departure, by: origin}
              departures_7d: {count: departure, by: origin, window: 7d, tile: 1h}
              shortest: {min: departure.distance, by: origin}
              longest: {max: departure.distance, by: [origin, destination]}
              longest_2d: {max: departure.delay, by: [origin, destination], window: 2d, tile: 1h}
              newest: {last: departure.delay, by: origin}
              tails: {distinct: departure.tail, by: origin}
              tails_3d: {distinct: departure.tail, by: origin, window: 3d, tile: 3h}
              last_destinations: {last_k: departure.destination, by: origin, k: 5}
              carriers: {count_by: departure.carrier, by: origin, window: 5d, tile: 6h}
              quiet: {count: departure, by: origin, ttl: 12d}
              miles: {sum: departure.distance, by: origin}
              miles_3d: {sum: departure.distance, by: origin, window: 3d, tile: 1h}
              delay: {mean: departure.delay, by: origin, half_life: 2d}
              late: {rate: departure, where: delay > 15, per: departure, by: [origin, destination], half_life: 1d}
            """, "flights.yaml");

    private final Codec<Event> codec = Codec.of(Event.class);

    @TempDir
    private Path directory;

    /** A departure, and when it was written. */
    private record Written(Event event, Instant at) {
        boolean isBefore(Instant time) {
            return event.getTimeMicros() < micros(time);
        }
    }

    private static long micros(Instant time) {
        return TimeUnit.MILLISECONDS.toMicros(time.toEpochMilli());
    }

    /** A month of departures as they were written: up to an hour after they were due, a tenth of them twice within minutes. */
    private static List<Written> month(long seed) {
        Random random = new Random(seed);
        long begin = UNTIL.minus(Duration.ofDays(24)).toEpochMilli();
        long end = LAST.minus(Duration.ofHours(2)).toEpochMilli();
        TreeMap<Long, Written> written = new TreeMap<>();
        for (int n = 0; n < DEPARTURES; n++) {
            long due = begin + (long) ((end - begin) * (double) n / DEPARTURES);
            Event event = departure("d" + n, micros(Instant.ofEpochMilli(due)) + n % 1000, random);
            put(written, event, due + random.nextInt(3_600_000));
            if (random.nextInt(10) == 0) {
                put(written, event, due + 3_600_000 + random.nextInt(600_000));
            }
        }
        for (int n = 0; n < CLOSED; n++) {
            // One whose time to live is over before the files end, and one whose is over after that.
            for (Instant at : List.of(UNTIL.minus(Duration.ofDays(20)), UNTIL.minus(Duration.ofDays(5)))) {
                Event event = new Event(
                        "shut" + n + at,
                        "departure",
                        micros(at),
                        Map.of("origin", "shut" + n + at, "destination", "A0"),
                        Map.of("delay", 5.0, "distance", 100.0));
                put(written, event, at.toEpochMilli());
            }
        }
        for (int n = 0; n < CLOSED; n++) {
            Event event = new Event(
                    "closed" + n,
                    "departure",
                    micros(CLOSED_AT),
                    Map.of("origin", "closed" + n, "destination", "A0"),
                    Map.of("delay", 5.0, "distance", FAR));
            put(written, event, CLOSED_AT.toEpochMilli());
        }
        for (int n = 0; n < AIRPORTS; n++) {
            Event event = new Event(
                    "last" + n, "departure", micros(LAST), Map.of("origin", "A" + n, "destination", "A0"), Map.of());
            put(written, event, LAST.toEpochMilli());
        }
        return List.copyOf(written.values());
    }

    private static Event departure(String id, long timeMicros, Random random) {
        String origin = "A" + Math.min(random.nextInt(AIRPORTS), random.nextInt(AIRPORTS));
        String destination = "A" + Math.min(random.nextInt(AIRPORTS), random.nextInt(AIRPORTS));
        Map<String, Object> values = Map.of(
                "delay", random.nextGaussian() * 60,
                "distance", 100 + random.nextDouble() * 3_000,
                "carrier", "C" + random.nextInt(8),
                "tail", "N" + random.nextInt(3_000));
        return new Event(id, "departure", timeMicros, Map.of("origin", origin, "destination", destination), values);
    }

    private static void put(TreeMap<Long, Written> written, Event event, long atMillis) {
        long at = atMillis * 1000;
        while (written.containsKey(at)) {
            at++;
        }
        written.put(at, new Written(event, Instant.ofEpochMilli(atMillis)));
    }

    private static final class Run implements AutoCloseable {
        final TestingKafka kafka;
        final TestingTopics topics;
        final TestingFlink flink;

        private final PipelineSpec spec;

        @Nullable
        History history;

        HistorySource.Beginning beginning = () -> {};

        /** @param directory of a broker that keeps what was written in 2001 */
        Run(Path directory, PipelineSpec spec, @Nullable History history) throws Exception {
            this.spec = spec;
            kafka = TestingKafka.startOn(directory, 1);
            topics = new TestingTopics(kafka);
            this.history = history;
            flink = new TestingFlink(this::build);
        }

        private void build(StreamExecutionEnvironment environment) {
            JoinJob.configure(environment, SETTINGS);
            // So that there is one while the files are read, which takes less than a second.
            environment.configure(new Configuration()
                    .set(
                            CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG,
                            SETTINGS.commits().checkpointInterval()));
            AggregateJob.build(environment, kafka.settings(), spec, history, beginning, SETTINGS, Clock.systemUTC());
        }

        /** Until the newest values of all entities are as wanted. */
        void await(Predicate<Map<String, FeatureValues>> wanted) {
            TestingValues.newest(kafka.settings(), PATIENCE, wanted);
        }

        @Override
        public void close() throws IOException {
            flink.close();
            topics.close();
            kafka.close();
        }
    }

    @Test
    void filesThenTopicsComeToTheSameAsTopicsAlone() throws Exception {
        long seed = new Random().nextLong();
        List<Written> month = month(seed);
        Set<String> departures = new HashSet<>();
        month.forEach(written -> departures.add(written.event().getId()));
        Predicate<Map<String, FeatureValues>> complete =
                values -> total(values, "departures") == departures.size() && haveFallenSilent(values);

        Map<String, String> expected;
        Map<String, FeatureValues> expectedValues;
        try (Run live = new Run(directory.resolve("kafka-live"), SPEC, null)) {
            live.flink.submit();
            month.forEach(written -> send(live, written));
            live.topics.flush();
            live.await(complete);
            expected = stop(live, "live");
            expectedValues = TestingValues.now(live.kafka.settings());
        }

        History history = History.of(files(month), UNTIL);
        try (Run backfilled = new Run(directory.resolve("kafka"), SPEC, history)) {
            // What the topics still have: the seam, and what came after it.
            List<Written> kept = month.stream()
                    .filter(written -> !written.at().isBefore(UNTIL.minus(Duration.ofHours(3))))
                    .toList();
            int half = kept.size() / 2;
            kept.subList(0, half).forEach(written -> send(backfilled, written));
            backfilled.topics.flush();
            backfilled.flink.submit();
            awaitCheckpoint(backfilled);
            assertThat(TestingValues.now(backfilled.kafka.settings()))
                    .as("values before the end of the files")
                    .isEmpty();
            backfilled.flink.loseTaskManager();
            backfilled.await(values -> !values.isEmpty());
            // It goes on without being told of the history, and still knows where that ended.
            backfilled.history = null;
            backfilled.flink.restart();
            Event straggler = departure("straggler", micros(UNTIL) - 1, new Random(seed));
            send(backfilled, new Written(straggler, LAST));
            kept.subList(half, kept.size()).forEach(written -> send(backfilled, written));
            backfilled.topics.flush();
            backfilled.await(complete);
            Map<String, String> found = stop(backfilled, "backfilled");
            Map<String, FeatureValues> values = TestingValues.now(backfilled.kafka.settings());

            assertThat(SavedEntities.of(found, BIT_EQUAL)).hasSizeGreaterThan(3_000);
            assertThat(different(SavedEntities.of(found, BIT_EQUAL), SavedEntities.of(expected, BIT_EQUAL)))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(found.keySet()).as("seed %d", seed).isEqualTo(expected.keySet());
            assertThat(values.keySet()).as("seed %d", seed).isEqualTo(expectedValues.keySet());
            values.forEach((key, value) -> same(value, expectedValues.get(key), "seed " + seed + ", " + key));
        }
    }

    private static List<String> different(Map<String, String> found, Map<String, String> expected) {
        return expected.keySet().stream()
                .filter(name -> !expected.get(name).equals(found.get(name)))
                .map(name -> name + ": " + found.get(name) + " (expected: " + expected.get(name) + ")")
                .toList();
    }

    private void send(Run run, Written written) {
        run.topics.send(
                Topic.EVENTS, codec.encode(written.event()), written.at().toEpochMilli());
    }

    /** The whole month, in files that overlap, with what is of the end or later in them, too. */
    private List<String> files(List<Written> month) throws Exception {
        List<String> files = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            Path folder = Files.createDirectory(directory.resolve("history" + n));
            try (HistoryWriter writer = new HistoryWriter(folder.toString(), UNTIL)) {
                for (int i = n; i < month.size(); i += 3) {
                    if (month.get(i).isBefore(UNTIL.plus(Duration.ofDays(1)))) {
                        writer.add(month.get(i).event());
                    }
                }
                files.addAll(writer.finish());
            }
        }
        return files;
    }

    private static void awaitCheckpoint(Run run) throws Exception {
        while (!run.flink.hasCheckpoint()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Map<String, String> stop(Run run, String name) throws Exception {
        Path savepoints = directory.resolve(name);
        run.flink.stop(savepoints);
        try (Stream<Path> found = Files.list(savepoints)) {
            return SavedEntities.read(run.flink, found.findFirst().orElseThrow(), SPEC);
        }
    }

    /** The routes of airports that closed have nothing in their window any more: all tasks know how late it is. */
    private static boolean haveFallenSilent(Map<String, FeatureValues> values) {
        return values.values().stream()
                        .map(BackfillIT::numbers)
                        .filter(numbers ->
                                numbers.getOrDefault("longest", 0.0) == FAR && !numbers.containsKey("longest_2d"))
                        .count()
                == CLOSED;
    }

    private static Map<String, Double> numbers(FeatureValues values) {
        Map<String, Double> numbers = new HashMap<>();
        values.getValues().stream()
                .filter(value -> !value.getNumbers().isEmpty())
                .forEach(value ->
                        numbers.put(value.getFeature(), value.getNumbers().get(0)));
        return numbers;
    }

    private static double total(Map<String, FeatureValues> values, String feature) {
        return values.values().stream()
                .flatMap(value -> value.getValues().stream())
                .filter(value -> value.getFeature().equals(feature))
                .mapToDouble(value -> value.getNumbers().get(0))
                .sum();
    }

    private static void same(FeatureValues found, FeatureValues expected, String which) {
        Map<String, AggregateValue> wanted = new HashMap<>();
        expected.getValues().forEach(value -> wanted.put(value.getFeature(), value));
        assertThat(found.getValues()).as(which).hasSameSizeAs(expected.getValues());
        for (AggregateValue value : found.getValues()) {
            AggregateValue other = wanted.get(value.getFeature());
            String name = which + ", " + value.getFeature();
            assertThat(value.getHashes()).as(name).isEqualTo(other.getHashes());
            assertThat(value.getValidUntilMicros()).as(name).isEqualTo(other.getValidUntilMicros());
            for (int i = 0; i < value.getNumbers().size(); i++) {
                double number = other.getNumbers().get(i);
                assertThat(value.getNumbers().get(i))
                        .as(name)
                        .isCloseTo(number, within(1e-9 * Math.max(1, Math.abs(number))));
            }
        }
    }

    @Test
    void outcomesCountFromTheirTopicWhereFilesHaveOnlyEvents() throws Exception {
        PipelineSpec spec = SpecReader.read("""
                pipeline: flights
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {late: 1}}
                events: {departure: {entities: [item]}}
                features: {departures: {count: departure, by: item}, late: {count: late, by: item}}
                """, "flights.yaml");
        List<Instant> before = List.of(UNTIL.minus(Duration.ofDays(3)), UNTIL.minus(Duration.ofDays(2)));
        List<String> files;
        try (HistoryWriter writer = new HistoryWriter(directory.toString(), UNTIL)) {
            for (Instant at : before) {
                writer.add(departure(at));
            }
            files = writer.finish();
        }
        try (Run run = new Run(directory.resolve("kafka"), spec, History.of(files, UNTIL))) {
            for (Instant at : before) {
                run.topics.send(Topic.EVENTS, codec.encode(departure(at)), at.toEpochMilli());
                sendLate(run, spec, at);
            }
            run.topics.flush();
            run.flink.submit();
            run.await(values -> total(values, "departures") == 2 && total(values, "late") == 2);
            awaitCheckpoint(run);
            // What a job would not begin with is nothing to one that goes on.
            run.beginning = () -> {
                throw new IOException("the files are gone");
            };
            run.flink.restart();
            run.topics.send(Topic.EVENTS, codec.encode(departure(UNTIL.minusMillis(1))), LAST.toEpochMilli());
            sendLate(run, spec, UNTIL.minusMillis(1));
            run.topics.send(Topic.EVENTS, codec.encode(departure(LAST)), LAST.toEpochMilli());
            run.topics.flush();
            run.await(values -> total(values, "departures") == 3 && total(values, "late") == 3);
        }
    }

    private static Event departure(Instant at) {
        return new Event("at" + at, "departure", micros(at), Map.of("item", "A0"), Map.of());
    }

    private static void sendLate(Run run, PipelineSpec spec, Instant at) {
        Outcome outcome = Outcome.newBuilder()
                .setId("late" + at)
                .setDecisionId("d" + at)
                .setSlot(0)
                .setItem("A0")
                .setSubject("u")
                .setArm("learned")
                .setKind("late")
                .setValue(1)
                .setClosed(true)
                .setReward(1)
                .setTimeMicros(micros(at))
                .setDecisionTimeMicros(micros(at))
                .setFeatureSet(spec.pipeline())
                .setFeatureSetVersion(spec.featureSet().version())
                .setFeatures(ByteBuffer.wrap(new FeatureVector(spec.featureSet()).pack()))
                .build();
        run.topics.send(Topic.OUTCOMES, Codec.of(Outcome.class).encode(outcome), at.toEpochMilli());
    }

    @Test
    void isRefusedWhereTopicsBeginAfterItsEnd() throws Exception {
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), 1);
                TestingTopics topics = new TestingTopics(kafka)) {
            Random random = new Random(5);
            for (int day = -2; day < 3; day++) {
                Instant at = UNTIL.plus(Duration.ofDays(day));
                topics.send(Topic.EVENTS, codec.encode(departure("d" + day, micros(at), random)), at.toEpochMilli());
            }
            topics.flush();
            History history = new History(List.of(), UNTIL, Set.of(Topic.EVENTS));
            Handover.check(kafka.settings(), history);
            deleteBefore(kafka, 2);
            Handover.check(kafka.settings(), history);
            deleteBefore(kafka, 3);
            assertThatThrownBy(() -> Handover.check(kafka.settings(), history))
                    .isInstanceOf(HistoryException.class)
                    .hasMessage("events, partition 0: offsets before 3 are gone, up to"
                            + " 2001-01-26T00:00:00Z (expected: everything that was written from 2001-01-25T00:00:00Z on;"
                            + " a history that ends later)");
            deleteBefore(kafka, 5);
            assertThatThrownBy(() -> Handover.check(kafka.settings(), history))
                    .hasMessageContaining("events, partition 0: offsets before 5 are gone, and nothing is left");
            Handover.check(kafka.settings(), new History(List.of(), UNTIL, Set.of(Topic.OUTCOMES)));
        }
    }

    private static void deleteBefore(TestingKafka kafka, long offset) throws Exception {
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            TopicPartition partition = new TopicPartition(kafka.settings().name(Topic.EVENTS), 0);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
