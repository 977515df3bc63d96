package io.millrace.features.job;

import static io.millrace.features.job.TestingTopics.decision;
import static io.millrace.features.job.TestingTopics.feedback;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Long enough for a second label of a slot to show. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private static final FeedbackSpec SPEC = new FeedbackSpec(
            Map.of("click", 1.0, "rating", 1.0),
            Set.of("rating", "dismiss"),
            Duration.ofSeconds(3),
            Duration.ofMinutes(10));
    private static final JoinJobSettings SETTINGS = JoinJobSettings.defaults().withParallelism(2);

    private FeedbackSpec spec = SPEC;
    private TestingKafka kafka;
    private TestingTopics topics;
    private TestingFlink flink;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.start(4);
        topics = new TestingTopics(kafka);
        flink = new TestingFlink(this::build);
    }

    @AfterEach
    void stop() throws Exception {
        flink.close();
        topics.close();
        kafka.close();
    }

    private void build(StreamExecutionEnvironment environment) {
        JoinJob.configure(environment, SETTINGS);
        JoinJob.build(environment, kafka.settings(), spec, SETTINGS, Clock.systemUTC());
    }

    @Test
    void labelsWhatIsFedBackAndWhatIsNot() throws Exception {
        long now = micros();
        String requested = DecisionIds.mint(now / 1000, "order 1", 1);
        String quiet = DecisionIds.mint(now / 1000, 2);
        topics.send(feedback("f1", requested, 0, "rating", now + 1000));
        topics.send(feedback("f2", requested, 1, "click", now + 2000));
        topics.send(feedback("f2", requested, 1, "click", now + 2000));
        Feedback byRequest = feedback("f3", null, 1, "click", now + 3000);
        byRequest.setRequestId("order 1");
        topics.send(byRequest);
        topics.send(Topic.FEEDBACK, new byte[] {1, 2, 3});
        topics.send(feedback("f4", DecisionIds.mint(now / 1000, 3), 0, "click", now));
        topics.send(feedback("f5", requested, 7, "click", now));
        topics.flush();
        flink.submit();
        topics.send(Topic.DECISIONS, "no record".getBytes(StandardCharsets.UTF_8));
        topics.send(decision(requested, "order 1", now, 3));
        topics.send(decision(quiet, null, now, 1));
        topics.send(decision(DecisionIds.mint(now / 1000, 4), null, now + TimeUnit.DAYS.toMicros(2), 1));

        List<Example> examples = topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= 4);
        Map<String, Double> rewards = new HashMap<>();
        examples.forEach(
                example -> rewards.put(example.getDecisionId() + "/" + example.getSlot(), example.getReward()));
        assertThat(rewards)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(requested + "/0", 1.0, requested + "/1", 2.0, requested + "/2", 0.0, quiet + "/0", 0.0));
        List<Outcome> outcomes = topics.read(Topic.OUTCOMES, Outcome.class, PATIENCE, all -> all.size() >= 6);
        assertThat(outcomes).extracting(Outcome::getKind).containsOnly("rating", "click", "window");
        assertThat(outcomes).hasSize(6);
        List<DeadLetter> letters = topics.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> all.size() >= 5);
        assertThat(letters)
                .extracting(letter -> letter.getTopic() + "-" + letter.getPartition() + "@" + letter.getOffset())
                .containsExactlyInAnyOrder(
                        "decisions-0@0", "decisions-0@3", "feedback-0@4", "feedback-0@5", "feedback-0@6");
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .anyMatch(reason -> reason.contains("no single-object header C3 01 in 3 bytes"))
                .anyMatch(reason -> reason.contains("feedback f4: decision "))
                .anyMatch(reason -> reason.contains("feedback f5: slot 7 (expected: a slot below 3)"))
                .anyMatch(reason -> reason.startsWith("Decision.timeMicros: ") && reason.contains("PT24H ahead"));
    }

    @Test
    void findsTheLastDecisionOfFeedbackThatNamesSubjectAndItemThoughABacklogIsReadAnyhow() throws Exception {
        spec = bySubject(Duration.ofSeconds(6));
        long now = micros();
        long earlier = now - TimeUnit.SECONDS.toMicros(5);
        long later = now - TimeUnit.SECONDS.toMicros(1);
        String first = DecisionIds.mint(earlier / 1000, 1);
        String second = DecisionIds.mint(later / 1000, 2);
        topics.send(unnamed("f1", "anna", "i1", now));
        topics.send(unnamed("f1", "anna", "i1", now));
        topics.send(unnamed("f2", "anna", "i2", now));
        topics.send(unnamed("f3", "ben", "i0", now));
        topics.send(feedback("f4", first, 0, "rating", now));
        topics.send(decision(first, null, earlier, 3));
        topics.send(decision(second, null, later, 2));
        topics.flush();
        flink.submit();

        List<Example> examples = topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= 5);
        Map<String, Double> rewards = new HashMap<>();
        examples.forEach(
                example -> rewards.put(example.getDecisionId() + "/" + example.getSlot(), example.getReward()));
        assertThat(rewards)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        first + "/0",
                        1.0,
                        first + "/1",
                        0.0,
                        first + "/2",
                        1.0,
                        second + "/0",
                        0.0,
                        second + "/1",
                        1.0));
        List<DeadLetter> letters = topics.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> !all.isEmpty());
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getReason()).startsWith("feedback f3: item i0 for ben unknown"))
                .satisfies(letter -> assertThat(letter.getOffset()).isEqualTo(3));
    }

    @Test
    void feedbackThatNamesSubjectAndItemCountsOnceWhateverDies() throws Exception {
        spec = bySubject(SPEC.window());
        flink.submit();
        Map<String, Double> expected = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            long now = micros();
            String id = DecisionIds.mint(now / 1000, i);
            String subject = "s" + i;
            Decision decision = decision(id, null, now, 2);
            decision.setSubject(subject);
            topics.send(decision);
            for (int again = 0; again < 1 + i % 2; again++) {
                topics.send(unnamed("f" + i, subject, "i" + i % 2, now));
            }
            expected.put(id + "/" + i % 2, 1.0);
            expected.put(id + "/" + (1 - i % 2), 0.0);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            if (i == 200) {
                topics.flush();
                await(this::hasCheckpoint);
                flink.loseTaskManager();
            } else if (i == 400) {
                flink.restart();
            }
        }
        topics.flush();
        topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= expected.size());
        LockSupport.parkNanos(SETTLING.toNanos());
        List<Example> examples = topics.readAll(Topic.EXAMPLES, Example.class);
        Map<String, Double> labels = new HashMap<>();
        examples.forEach(example -> labels.put(example.getDecisionId() + "/" + example.getSlot(), example.getReward()));
        assertThat(labels).isEqualTo(expected);
        assertThat(topics.readAll(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
        assertThat(topics.readAll(Topic.OUTCOMES, Outcome.class))
                .filteredOn(outcome -> outcome.getKind().equals("click"))
                .hasSize(600);
    }

    private static FeedbackSpec bySubject(Duration window) {
        return new FeedbackSpec(SPEC.reward(), SPEC.finalKinds(), window, SPEC.late())
                .with(FeedbackSpec.Match.SUBJECT_ITEM);
    }

    private static Feedback unnamed(String id, String subject, String item, long timeMicros) {
        return Feedback.newBuilder()
                .setId(id)
                .setSubject(subject)
                .setItem(item)
                .setKind("click")
                .setTimeMicros(timeMicros)
                .build();
    }

    @Test
    void commitsHowFarItHasReadWithItsCheckpoints() throws Exception {
        flink.submit();
        long now = micros();
        for (int i = 0; i < 7; i++) {
            String id = DecisionIds.mint(now / 1000, i);
            topics.send(decision(id, null, now, 1));
            topics.send(feedback("f" + i, id, 0, "rating", now));
            topics.send(feedback("g" + i, id, 0, "click", now));
        }
        topics.flush();
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            String group = Part.transactionalIdPrefix(kafka.settings());
            Map<TopicPartition, Long> expected =
                    Map.of(new TopicPartition("decisions", 0), 7L, new TopicPartition("feedback", 0), 14L);
            await(() -> {
                Map<TopicPartition, Long> read = new HashMap<>();
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join()
                        .forEach((partition, offset) -> read.put(partition, offset.offset()));
                return read.equals(expected);
            });
        }
    }

    @Test
    void aClockThatIsSetBackByAnHourStallsNoWindowAndDoublesNoLabel() throws Exception {
        spec = new FeedbackSpec(SPEC.reward(), SPEC.finalKinds(), SPEC.window(), Duration.ofHours(2));
        long hour = TimeUnit.HOURS.toMicros(1);
        String before = DecisionIds.mint(micros() / 1000, 1);
        topics.send(decision(before, null, micros(), 1));
        topics.send(feedback("before", before, 0, "click", micros()));
        flink.submit();
        Map<String, Double> expected = new HashMap<>(Map.of(before + "/0", 1.0));
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; !hasLabel(before); i++) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            for (int record = 0; record < 20; record++) {
                long now = micros() - hour;
                String id = DecisionIds.mint(now / 1000, 1_000L * i + record);
                topics.send(decision(id, null, now, 1));
                if (record % 2 == 0) {
                    topics.send(feedback("f" + id, id, 0, "click", now));
                    topics.send(feedback("f" + id, id, 0, "click", now));
                }
                expected.put(id + "/0", record % 2 == 0 ? 1.0 : 0.0);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        topics.flush();
        Map<String, Double> labels = new HashMap<>();
        await(() -> {
            labels.clear();
            for (Example example : topics.readAll(Topic.EXAMPLES, Example.class)) {
                String slot = example.getDecisionId() + "/" + example.getSlot();
                Double replaced = labels.put(slot, example.getReward());
                assertThat(replaced).as("label of %s before %s", slot, example).isEqualTo(example.getReplacedReward());
            }
            return labels.equals(expected);
        });
    }

    private boolean hasLabel(String id) {
        return topics.readAll(Topic.EXAMPLES, Example.class).stream()
                .anyMatch(example -> example.getDecisionId().equals(id));
    }

    @Test
    void labelsEverySlotOnceWhateverDies() throws Exception {
        long seed = 42;
        Random random = new Random(seed);
        Map<String, Double> expected = new HashMap<>();
        flink.submit();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 400; i++) {
                sendOne(random, round * 400 + i, expected);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            await(this::hasCheckpoint);
            if (round % 2 == 0) {
                flink.loseTaskManager();
            } else {
                flink.restart();
            }
        }
        topics.read(Topic.EXAMPLES, Example.class, PATIENCE, all -> all.size() >= expected.size());
        topics.read(Topic.EXAMPLES, Example.class, SETTLING, all -> all.size() > expected.size());
        List<Example> examples = topics.readAll(Topic.EXAMPLES, Example.class);
        Map<String, Double> labels = new HashMap<>();
        for (Example example : examples) {
            String slot = example.getDecisionId() + "/" + example.getSlot();
            assertThat(example.getKind()).as("seed %d, %s", seed, slot).isEqualTo(ExampleKind.ORIGINAL);
            assertThat(labels.put(slot, example.getReward()))
                    .as("seed %d, an earlier label of %s", seed, slot)
                    .isNull();
        }
        assertThat(labels).as("seed %d", seed).isEqualTo(expected);
    }

    /** Some slots are rated at once, some clicked once or twice, some told about before their decision, some never. */
    private void sendOne(Random random, int number, Map<String, Double> expected) {
        long now = micros();
        String id = DecisionIds.mint(now / 1000, random.nextLong());
        boolean isEarly = random.nextInt(4) == 0;
        if (!isEarly) {
            topics.send(decision(id, null, now, 3));
        }
        for (int slot = 0; slot < 3; slot++) {
            int fate = random.nextInt(4);
            for (int i = 0; i < Math.min(fate, 2); i++) {
                topics.send(feedback("f" + number + "-" + slot + "-" + i, id, slot, "click", now));
            }
            if (fate == 3) {
                topics.send(feedback("f" + number + "-" + slot + "-last", id, slot, "rating", now));
            }
            expected.put(id + "/" + slot, (double) fate);
        }
        if (isEarly) {
            topics.send(decision(id, null, now, 3));
        }
    }

    private boolean hasCheckpoint() {
        try {
            return flink.hasCheckpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static long micros() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }
}
