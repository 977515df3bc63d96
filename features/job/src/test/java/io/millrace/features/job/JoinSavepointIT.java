package io.millrace.features.job;

import static io.millrace.features.job.TestingTopics.decision;
import static io.millrace.features.job.TestingTopics.feedback;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.join.DecisionJoin;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.testkit.GoldenDirectory;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Schemas;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The join goes on from a savepoint that a release left behind, on the brokers that it left behind, as if nothing had been in
 * between. Each of {@code golden/<version>/join.zip} holds both.
 */
class JoinSavepointIT {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Long enough for what is written too much to show. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Once the windows of all decisions but the last have passed; the first of two about one request has none without feedback. */
    private static final int LABELS = 11;
    /** Labels and corrections, in the end. */
    private static final int EXAMPLES = 18;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(START.plusSeconds(12 * 3600), ZoneOffset.UTC);
    private static final FeedbackSpec SPEC = new FeedbackSpec(
            Map.of("click", 1.0, "rating", 1.0),
            Set.of("rating", "dismiss"),
            Duration.ofMinutes(30),
            Duration.ofDays(7));

    private static final String CLOSED = id(-3600, null, 1);
    private static final String OPEN = id(0, "order 1", 2);
    private static final String UNTOUCHED = id(1, null, 3);
    private static final String AWAITED = id(3, null, 4);
    private static final String AWAITED_BY_REQUEST = id(3, "order 4", 5);
    private static final String TWICE_A = id(2, "order 5", 6);
    private static final String TWICE_B = id(4, "order 5", 7);
    private static final String NOWHERE = id(2, null, 8);
    private static final String LAST_BEFORE = id(5, null, 9);
    private static final String LAST = id(7200, null, 10);

    private static final Codec<Feedback> FEEDBACK =
            Codec.of(Feedback.class, Schemas.withEarlier(DecisionJoin.class, List.of("Feedback-0.1.avsc")));

    @TempDir
    private Path directory;

    static List<Path> releases() throws Exception {
        return GoldenDirectory.all(GOLDEN, "join.zip", JoinSavepointIT::leaveBehind);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void goesOnFromTheSavepointOfEveryRelease(Path release) throws Exception {
        GoldenDirectory.unpack(release, directory);
        List<List<String>> expected = undisturbed();
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), 1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink = new TestingFlink(environment -> build(environment, kafka, 2))) {
            assertThat(written(topics, Duration.ZERO, all -> true).get(0)).hasSize(4);
            flink.submit(Optional.of(savepoint()));
            sendAfter(topics);
            assertThat(written(topics, PATIENCE, expected::equals)).isEqualTo(expected);
            assertThat(written(topics, SETTLING, all -> false)).isEqualTo(expected);
        }
    }

    private Path savepoint() throws IOException {
        try (Stream<Path> savepoints = Files.list(directory.resolve("savepoints"))) {
            return savepoints.findFirst().orElseThrow();
        }
    }

    private static void leaveBehind(Path directory) throws Exception {
        try (TestingKafka kafka = TestingKafka.startOn(directory.resolve("kafka"), 1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink = new TestingFlink(environment -> build(environment, kafka, 1))) {
            flink.submit();
            sendBefore(topics);
            flink.stop(directory.resolve("savepoints"));
        }
    }

    /** What one run of this build writes. */
    private static List<List<String>> undisturbed() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                TestingTopics topics = new TestingTopics(kafka);
                TestingFlink flink = new TestingFlink(environment -> build(environment, kafka, 1))) {
            flink.submit();
            sendBefore(topics);
            sendAfter(topics);
            topics.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> all.size() >= 2);
            topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= EXAMPLES);
            return written(topics, SETTLING, all -> false);
        }
    }

    private static void build(StreamExecutionEnvironment environment, TestingKafka kafka, int parallelism) {
        JoinJobSettings settings = JoinJobSettings.defaults().withParallelism(parallelism);
        JoinJob.configure(environment, settings);
        JoinJob.build(environment, kafka.settings(), SPEC, settings, CLOCK);
    }

    /** Leaves something of everything that the join keeps, and returns when all is read. */
    private static void sendBefore(TestingTopics topics) {
        topics.send(decision(CLOSED, null, micros(-3600), 2));
        topics.send(decision(OPEN, "order 1", micros(0), 3));
        topics.send(decision(UNTOUCHED, null, micros(1), 1));
        topics.send(decision(TWICE_A, "order 5", micros(2), 1));
        topics.send(decision(TWICE_B, "order 5", micros(4), 1));
        topics.send(decision(LAST_BEFORE, null, micros(5), 1));
        topics.send(feedback("f1", CLOSED, 0, "click", micros(-3540)));
        topics.send(feedback("f2", OPEN, 0, "rating", micros(1)));
        topics.send(feedback("f3", OPEN, 1, "click", micros(2)));
        topics.send(feedback("f4", AWAITED, 0, "click", micros(2)));
        Feedback byRequest = feedback("f5", null, 0, "click", micros(2));
        byRequest.setRequestId("order 4");
        topics.send(byRequest);
        topics.send(feedback("f6", NOWHERE, 0, "click", micros(3)));
        // Beyond the window: it waits for the label.
        topics.send(feedback("f7", OPEN, 2, "click", micros(1900)));
        topics.send(feedback("f8", LAST_BEFORE, 0, "rating", micros(5)));
        topics.flush();
        topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= 4);
    }

    private static void sendAfter(TestingTopics topics) {
        topics.send(decision(AWAITED, null, micros(3), 2));
        topics.send(decision(AWAITED_BY_REQUEST, "order 4", micros(3), 1));
        topics.send(decision(LAST, null, micros(7200), 1));
        topics.flush();
        // What follows is late in every run, not only where the decisions are read first.
        topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> labels(all) >= LABELS);
        topics.send(feedback("f1", CLOSED, 0, "click", micros(-3540)));
        topics.send(feedback("f3", OPEN, 1, "click", micros(2)));
        topics.send(feedback("f4", AWAITED, 0, "click", micros(2)));
        topics.send(feedback("f9", CLOSED, 1, "click", micros(-3000)));
        topics.send(feedback("f10", OPEN, 1, "rating", micros(9)));
        topics.send(feedback("f11", UNTOUCHED, 0, "click", micros(10)));
        topics.send(feedback("f12", TWICE_A, 0, "click", micros(11)));
        topics.send(feedback("f13", OPEN, 9, "click", micros(12)));
        topics.send(feedback("f14", LAST, 0, "rating", micros(7200)));
        topics.flush();
    }

    private static long labels(List<Example> examples) {
        return examples.stream()
                .filter(example -> example.getKind() == ExampleKind.ORIGINAL)
                .count();
    }

    /** Examples, outcomes and dead letters; of each decision in the order in which they were written. */
    private static List<List<String>> written(
            TestingTopics topics, Duration patience, Function<List<List<String>>, Boolean> enough) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<List<String>> all = List.of(
                    now(topics, Topic.EXAMPLES, Example.class, Example::getDecisionId, Object::toString),
                    now(topics, Topic.OUTCOMES, Outcome.class, Outcome::getDecisionId, Object::toString),
                    now(topics, Topic.DEAD_LETTERS, DeadLetter.class, DeadLetter::getReason, JoinSavepointIT::text));
            if (enough.apply(all) || System.nanoTime() > end) {
                return all;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static <T extends SpecificRecord> List<String> now(
            TestingTopics topics, Topic topic, Class<T> type, Function<T, String> key, Function<T, String> text) {
        return topics.readAll(topic, type).stream()
                .sorted(Comparator.comparing(key))
                .map(text)
                .toList();
    }

    /** A dead letter has the bytes that were read, by whichever schema the release wrote them. */
    private static String text(DeadLetter letter) {
        Feedback feedback = FEEDBACK.decode(letter.getBytes().array());
        letter.setBytes(ByteBuffer.allocate(0));
        return letter + " " + feedback;
    }

    private static String id(long seconds, String requestId, long random) {
        long millis = START.toEpochMilli() + seconds * 1000;
        return requestId == null ? DecisionIds.mint(millis, random) : DecisionIds.mint(millis, requestId, random);
    }

    private static long micros(long seconds) {
        return TimeUnit.MILLISECONDS.toMicros(START.toEpochMilli()) + TimeUnit.SECONDS.toMicros(seconds);
    }
}
