package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistoryWriter;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.AggregateValue;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.record.FeatureValues;
import io.millrace.record.Outcome;
import io.millrace.record.SourcePosition;
import io.millrace.testkit.GoldenDirectory;
import io.millrace.testkit.TestingKafka;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The job of streaming features goes on from a savepoint that a release left behind, on the brokers that it left behind, as if
 * nothing had been in between: what was counted, what was read, where its history ended, and which events would be sent again. Each of
 * {@code golden/<version>/features.zip} holds both.
 */
class FeaturesSavepointIT {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Events of before count from files. */
    private static final Instant UNTIL = START.plus(Duration.ofHours(2));

    private static final Clock CLOCK = Clock.fixed(START.plus(Duration.ofHours(12)), ZoneOffset.UTC);
    /** Every function, and each of the ways in which what is old counts less. */
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, context: {hour: numeric}, candidate: {item: categorical, genres: categorical_set}}
            feedback: {reward: {click: 1}}
            events:
              sale: {entities: [item, user], values: {price: numeric, shop: categorical, genres: categorical_set}}
              view: {entities: [item, user]}
            features:
              count: {count: sale, by: item}
              count_window: {count: sale, by: item, window: 3h, tile: 1h}
              count_decayed: {count: sale, by: item, half_life: 1d}
              count_both: {count: sale, by: [item, user]}
              sum: {sum: sale.price, by: item}
              sum_window: {sum: sale.price, by: item, window: 3h, tile: 1h}
              sum_decayed: {sum: sale.price, by: item, half_life: 1d}
              mean: {mean: sale.price, by: item}
              mean_decayed: {mean: sale.price, by: user, half_life: 2d}
              min: {min: sale.price, by: item}
              min_window: {min: sale.price, by: item, window: 3h, tile: 1h}
              max: {max: sale.price, by: item, where: price < 100}
              last: {last: sale.price, by: item}
              last_window: {last: sale.price, by: user, window: 3h, tile: 1h}
              distinct: {distinct: sale.user, by: item}
              distinct_window: {distinct: sale.user, by: item, window: 3h, tile: 1h}
              rate: {rate: sale, per: view, by: item}
              rate_window: {rate: sale, per: view, by: item, window: 3h, tile: 1h}
              rate_decayed: {rate: sale, per: view, by: user, half_life: 1d}
              quantile: {quantile: sale.price, q: 0.5, by: item}
              quantile_window: {quantile: sale.price, q: 0.9, by: item, window: 3h, tile: 1h}
              top: {top_k: sale.item, by: user, k: 2}
              lately: {last_k: sale.item, by: user, k: 3}
              shops: {count_by: sale.shop, by: item}
              shops_window: {count_by: sale.shop, by: item, window: 3h, tile: 1h}
              genre: {count: sale, by: genres, ttl: 30d}
              age: {age: sale, by: item}
              since: {since_last: sale, by: item}
              clicks: {rate: click, per: label, by: item}
              reward: {mean: label.reward, by: item, window: 3h, tile: 1h}
            """, "shop.yaml");

    private final Codec<Outcome> outcomes = Codec.of(Outcome.class);

    private static final Codec<Event> EVENTS = Codec.of(Event.class);
    private static final Codec<Outcome> OUTCOMES = Codec.of(Outcome.class);

    /** Whose last sale leaves its window by itself. */
    private static final String QUIET_ITEM = "quiet";

    private static final String QUIET_USER = "quiet-user";

    /** A sale is for an item, a user, both and a genre; a view for an item and a user; an outcome for an item. */
    private static final long TAKEN_BEFORE = 4 * 7 + 2 * 2 + 2;

    private static final long TAKEN = TAKEN_BEFORE + 4 * 5 + 2 + 1;

    @TempDir
    private Path directory;

    static List<Path> releases() throws Exception {
        return GoldenDirectory.all(GOLDEN, "features.zip", FeaturesSavepointIT::leaveBehind);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void goesOnFromTheSavepointOfEveryRelease(Path release) throws Exception {
        GoldenDirectory.unpack(release, directory);
        Map<String, List<String>> expected = undisturbed();
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), 1);
                TestingTopics topics = new TestingTopics(kafka);
                // It goes on without the files that it began with.
                TestingFlink flink = new TestingFlink(environment -> build(environment, kafka.settings(), null, 2))) {
            assertThat(taken(TestingValues.now(kafka.settings()))).isEqualTo(TAKEN_BEFORE);
            flink.submit(Optional.of(savepoint()));
            sendAfter(topics);
            assertThat(shown(atTheEnd(kafka.settings()))).isEqualTo(expected);
            assertThat(topics.readAll(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
        }
    }

    private Path savepoint() throws IOException {
        try (Stream<Path> savepoints = Files.list(directory.resolve("savepoints"))) {
            return savepoints.findFirst().orElseThrow();
        }
    }

    private static void leaveBehind(Path directory) throws Exception {
        History history = history();
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), 1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink =
                        new TestingFlink(environment -> build(environment, kafka.settings(), history, 1))) {
            sendBefore(topics);
            flink.submit();
            TestingValues.newest(kafka.settings(), PATIENCE, values -> taken(values) == TAKEN_BEFORE);
            flink.stop(directory.resolve("savepoints"));
        }
    }

    /** What one run of this build comes to. */
    private static Map<String, List<String>> undisturbed() throws Exception {
        History history = history();
        try (TestingKafka kafka = TestingKafka.start(1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink =
                        new TestingFlink(environment -> build(environment, kafka.settings(), history, 1))) {
            sendBefore(topics);
            flink.submit();
            TestingValues.newest(kafka.settings(), PATIENCE, values -> taken(values) == TAKEN_BEFORE);
            sendAfter(topics);
            return shown(atTheEnd(kafka.settings()));
        }
    }

    private static void build(
            StreamExecutionEnvironment environment, KafkaSettings kafka, @Nullable History history, int parallelism) {
        JoinJobSettings settings =
                JoinJobSettings.defaults().withParallelism(parallelism).withTransactionalIdPrefix("millrace-features");
        JoinJob.configure(environment, settings);
        AggregateJob.build(environment, kafka, SPEC, history, () -> {}, settings, CLOCK);
    }

    private static History history() throws Exception {
        Path files = Files.createTempDirectory("millrace-history");
        try (HistoryWriter writer = new HistoryWriter(files.toString(), UNTIL)) {
            writer.add(sale("s1", QUIET_ITEM, QUIET_USER, 5, minutes(10)));
            writer.add(sale("s2", "a", "ann", 7.5, minutes(20)));
            writer.add(sale("s3", "b", "ann", 250, minutes(50)));
            writer.add(view("v1", "a", "bob", minutes(70)));
            writer.add(sale("s4", "a", "bob", 2.25, minutes(100)));
            return History.of(writer.finish(), UNTIL);
        }
    }

    private static void sendBefore(TestingTopics topics) {
        // What the files have counts from there.
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s4", "a", "bob", 2.25, minutes(100))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s5", "b", "bob", 40, minutes(125))));
        topics.send(Topic.EVENTS, EVENTS.encode(view("v2", "b", "ann", minutes(126))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s6", "a", "ann", 12, minutes(140))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s7", "b", "bob", 40, minutes(150))));
        topics.send(Topic.OUTCOMES, OUTCOMES.encode(outcome("o1", "a", 1, minutes(30))));
        topics.send(Topic.OUTCOMES, OUTCOMES.encode(outcome("o2", "b", 0, minutes(150))));
        topics.flush();
    }

    private static void sendAfter(TestingTopics topics) {
        // One of the time of the files, and one that was there already.
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s8", "a", "ann", 1, minutes(119))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s6", "a", "ann", 12, minutes(140))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s9", "c", "bob", 9, minutes(200))));
        topics.send(Topic.EVENTS, EVENTS.encode(view("v3", "c", "ann", minutes(201))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s10", "a", "ann", 3, minutes(250))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s11", "b", "bob", 80, minutes(260))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s12", "c", "ann", 1, minutes(269))));
        topics.send(Topic.EVENTS, EVENTS.encode(sale("s13", "a", "bob", 6, minutes(270))));
        topics.send(Topic.OUTCOMES, OUTCOMES.encode(outcome("o3", "a", 1, minutes(270))));
        topics.flush();
    }

    private static Event sale(String id, String item, String user, double price, long timeMicros) {
        return new Event(
                id,
                "sale",
                timeMicros,
                Map.of("item", item, "user", user),
                Map.of("price", price, "shop", "shop of " + user, "genres", List.of("genre of " + item)));
    }

    private static Event view(String id, String item, String user, long timeMicros) {
        return new Event(id, "view", timeMicros, Map.of("item", item, "user", user), Map.of());
    }

    private static Outcome outcome(String id, String item, double reward, long timeMicros) {
        return Outcome.newBuilder()
                .setId(id)
                .setDecisionId("d" + id)
                .setSlot(0)
                .setItem(item)
                .setSubject("ann")
                .setArm("learned")
                .setKind(reward > 0 ? "click" : "window")
                .setValue(1)
                .setClosed(true)
                .setReward(reward)
                .setTimeMicros(timeMicros)
                .setDecisionTimeMicros(timeMicros)
                .setFeatureSet(SPEC.pipeline())
                .setFeatureSetVersion(SPEC.featureSet().version())
                .setFeatures(ByteBuffer.wrap(new FeatureVector(SPEC.featureSet()).pack()))
                .build();
    }

    private static long minutes(long minutes) {
        return TimeUnit.MILLISECONDS.toMicros(START.toEpochMilli()) + TimeUnit.MINUTES.toMicros(minutes);
    }

    private static long taken(Map<String, FeatureValues> values) {
        return values.values().stream().mapToLong(FeatureValues::getTaken).sum();
    }

    /** When all has counted, and time has come to where the one sale of somebody is out of its window. */
    private static Map<String, FeatureValues> atTheEnd(KafkaSettings kafka) {
        return TestingValues.newest(
                kafka,
                PATIENCE,
                values -> taken(values) == TAKEN && isOut(values, "min_window") && isOut(values, "last_window"));
    }

    /** Only the quiet ones have one record, and it is in no window any more. */
    private static boolean isOut(Map<String, FeatureValues> values, String feature) {
        return values.values().stream()
                .filter(value -> value.getValues().stream()
                        .anyMatch(one -> one.getFeature().equals(feature)))
                .noneMatch(value -> value.getTaken() == 1);
    }

    /** By entity, what each of its features is worth. */
    private static Map<String, List<String>> shown(Map<String, FeatureValues> values) {
        Map<String, List<String>> shown = new TreeMap<>();
        values.forEach((key, value) -> {
            // Which topic is read first is chance.
            List<String> read = value.getRead().stream()
                    .map(SourcePosition::toString)
                    .sorted()
                    .toList();
            List<String> features = new ArrayList<>(List.of("as of " + value.getAsOfMicros() + ", read " + read));
            value.getValues().stream()
                    .sorted(Comparator.comparing(AggregateValue::getFeature))
                    .forEach(one -> features.add(shown(one)));
            shown.put(key, features);
        });
        return shown;
    }

    /** Sums and decayed counts differ in their last digits with the order of what happened. */
    private static String shown(AggregateValue value) {
        return "%s %016x: %s %s until %d"
                .formatted(
                        value.getFeature(),
                        value.getDefinition(),
                        value.getNumbers().stream()
                                .map(number -> String.format(Locale.ROOT, "%.9g", number))
                                .toList(),
                        value.getHashes(),
                        value.getValidUntilMicros());
    }
}
