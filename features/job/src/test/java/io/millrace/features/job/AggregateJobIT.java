package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.AggregateValue;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Event;
import io.millrace.record.FeatureValues;
import io.millrace.record.Outcome;
import io.millrace.testkit.TestingKafka;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AggregateJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JoinJobSettings SETTINGS =
            JoinJobSettings.defaults().withParallelism(2).withTransactionalIdPrefix("millrace-features");
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1, regret: -1}, window: 1s, late: 1h}
            events: {sale: {entities: [user, item], values: {price: numeric}}, visit: {entities: [user]}}
            features:
              sales: {count: sale, by: item}
              turnover: {sum: sale.price, by: item}
              lately: {count: sale, by: item, window: 2s, tile: 100ms}
              visits: {count: visit, by: user, window: 2s, tile: 100ms}
              liked: {rate: label, where: reward > 0, per: label, by: item}
              liked_lately: {count: label, where: reward > 0, by: item, window: 1h}
              clicks: {count: click, by: item}
            """, "shop.yaml");

    private final Codec<Event> events = Codec.of(Event.class);
    private TestingKafka kafka;
    private TestingTopics topics;
    private TestingFlink flink;
    private boolean joins;

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
        if (joins) {
            JoinJob.build(environment, kafka.settings(), SPEC.feedback(), SETTINGS, Clock.systemUTC());
        }
        AggregateJob.build(environment, kafka.settings(), SPEC, SETTINGS, Clock.systemUTC());
    }

    private void sell(String id, String item, double price, long timeMicros) {
        Event event = new Event(id, "sale", timeMicros, Map.of("item", item, "user", "u"), Map.of("price", price));
        topics.send(Topic.EVENTS, events.encode(event));
    }

    private static long micros() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }

    @Test
    void countsEverythingOnceWhateverDies() throws Exception {
        flink.submit();
        Random random = new Random(17);
        Map<String, double[]> expected = new HashMap<>();
        long start = micros();
        for (int n = 0; n < 4_000; n++) {
            String item = "i" + random.nextInt(20);
            double price = random.nextInt(100);
            double[] sums = expected.computeIfAbsent(item, key -> new double[2]);
            sums[0]++;
            sums[1] += price;
            sell("e" + n, item, price, start + n);
            if (n % 3 == 0) {
                sell("e" + n, item, price, start + n);
            }
            if (n == 1_500) {
                topics.flush();
                awaitCheckpoint();
                flink.loseTaskManager();
            } else if (n == 3_000) {
                topics.flush();
                awaitCheckpoint();
                flink.restart();
            }
        }
        topics.flush();
        List<List<Double>> wanted = expected.values().stream()
                .map(sums -> List.of(sums[0], sums[1]))
                .sorted(AggregateJobIT::compare)
                .toList();
        Map<String, FeatureValues> newest = newest(values -> values.values().stream()
                .map(value -> List.of(number(value, "sales"), number(value, "turnover")))
                .sorted(AggregateJobIT::compare)
                .toList()
                .equals(wanted));
        assertThat(newest).hasSize(20).allSatisfy((key, value) -> {
            assertThat(value.getTaken()).isEqualTo((long) number(value, "sales"));
            assertThat(value.getRead())
                    .isNotEmpty()
                    .allSatisfy(read -> assertThat(read.getTopic()).isEqualTo("events"));
        });
    }

    private static int compare(List<Double> one, List<Double> other) {
        int first = Double.compare(one.get(0), other.get(0));
        return first != 0 ? first : Double.compare(one.get(1), other.get(1));
    }

    private void awaitCheckpoint() throws Exception {
        while (!flink.hasCheckpoint()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void aWindowEmptiesWithoutAnotherEvent() throws Exception {
        flink.submit();
        long now = micros();
        sell("e1", "i1", 5, now);
        topics.flush();
        FeatureValues first = one(values -> number(values, "lately") == 1);
        long tile = TimeUnit.MILLISECONDS.toMicros(100);
        assertThat(value(first, "lately").getValidUntilMicros())
                .isEqualTo((now / tile + 1) * tile + TimeUnit.SECONDS.toMicros(2));
        FeatureValues later = one(values -> number(values, "lately") == 0);
        assertThat(number(later, "sales")).as("ever").isEqualTo(1);
    }

    @Test
    void anEntityOfWhichNothingIsLeftIsForgottenInTheTopicToo() throws Exception {
        flink.submit();
        topics.send(Topic.EVENTS, events.encode(new Event("v1", "visit", micros(), Map.of("user", "u"), Map.of())));
        topics.flush();
        assertThat(one(values -> number(values, "visits") == 1).getBy()).isEqualTo("user");
        assertThat(newest(Map::isEmpty, true)).isEmpty();
    }

    @Test
    void whatItCannotUseIsADeadLetter() throws Exception {
        flink.submit();
        topics.send(Topic.EVENTS, new byte[] {1, 2, 3});
        sell("e1", "i1", 5, micros() + TimeUnit.DAYS.toMicros(3));
        sell("e2", "i1", 5, micros() / 1000);
        topics.flush();
        List<DeadLetter> letters = topics.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> all.size() >= 3);
        assertThat(letters).extracting(DeadLetter::getComponent).containsOnly("features");
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .anyMatch(reason -> reason.contains("no single-object header"))
                .anyMatch(reason -> reason.startsWith("Event.timeMicros: ") && reason.contains("ahead of the clock"))
                .as("told in milliseconds")
                .anyMatch(reason -> reason.startsWith("Event.timeMicros: 1970-01-")
                        && reason.contains("as events.sale.oldest says"));
    }

    @Test
    void feedbackThatComesLateTakesTheWrongLabelBack() throws Exception {
        joins = true;
        flink.submit();
        long decided = micros();
        topics.send(decision("d", decided));
        topics.flush();
        assertThat(value(
                                one(values -> number(values, "liked") == 0
                                        && !values.getValues().isEmpty()),
                                "liked")
                        .getNumbers())
                .containsExactly(0.0, 1.0);
        topics.send(TestingTopics.feedback("f1", "d", 0, "click", decided + TimeUnit.SECONDS.toMicros(2)));
        topics.flush();
        FeatureValues clicked = one(values -> number(values, "liked") == 1);
        assertThat(value(clicked, "liked").getNumbers()).containsExactly(1.0, 1.0);
        assertThat(number(clicked, "liked_lately")).isOne();
        assertThat(number(clicked, "clicks")).isOne();
        topics.send(TestingTopics.feedback("f2", "d", 0, "regret", decided + TimeUnit.SECONDS.toMicros(3)));
        topics.flush();
        FeatureValues regretted = one(values -> number(values, "clicks") == 1 && number(values, "liked") == 0);
        assertThat(value(regretted, "liked").getNumbers()).containsExactly(0.0, 1.0);
        assertThat(regretted.getValues()).extracting(AggregateValue::getFeature).containsExactly("liked", "clicks");
    }

    private static Decision decision(String id, long timeMicros) {
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        new ValueEncoder(SPEC.decision().shared(), 0, (hash, field, value) -> {})
                .encode(Map.of("user", "u"), "context", vector.clear(), problem -> {
                    throw new AssertionError(problem);
                });
        byte[] shared = vector.packShared();
        new ValueEncoder(SPEC.decision().candidate(), SPEC.featureSet().shared(), (hash, field, value) -> {})
                .encode(Map.of("item", "film"), "candidate", vector.clearCandidate(), problem -> {
                    throw new AssertionError(problem);
                });
        Decision decision = TestingTopics.decision(id, null, timeMicros, 1);
        decision.setFeatureSet(SPEC.featureSet().name());
        decision.setFeatureSetVersion(SPEC.featureSet().version());
        decision.setShared(ByteBuffer.wrap(shared));
        decision.getSlate().get(0).setItem("film");
        decision.getSlate().get(0).setFeatures(ByteBuffer.wrap(vector.packCandidate()));
        return decision;
    }

    @Test
    void anOutcomeOfAnotherFeatureSetCountsForItsItem() throws Exception {
        flink.submit();
        long version = SPEC.featureSet().version();
        click("o1", version, new FeatureVector(SPEC.featureSet()).pack());
        click("o2", version + 1, new byte[] {7, 7, 7});
        click("o3", version, new byte[] {7, 7, 7});
        topics.flush();
        assertThat(one(values -> number(values, "clicks") == 2).getBy()).isEqualTo("item");
        assertThat(topics.read(Topic.DEAD_LETTERS, DeadLetter.class, PATIENCE, all -> !all.isEmpty()))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getOffset()).isEqualTo(2));
    }

    private void click(String id, long featureSetVersion, byte[] features) {
        Outcome outcome = Outcome.newBuilder()
                .setId(id)
                .setDecisionId("d")
                .setSlot(0)
                .setItem("i1")
                .setSubject("u")
                .setArm("learned")
                .setKind("click")
                .setValue(1)
                .setClosed(false)
                .setReward(1)
                .setTimeMicros(micros())
                .setDecisionTimeMicros(micros())
                .setFeatureSet("shop")
                .setFeatureSetVersion(featureSetVersion)
                .setFeatures(ByteBuffer.wrap(features))
                .build();
        topics.send(Topic.OUTCOMES, Codec.of(Outcome.class).encode(outcome));
    }

    private FeatureValues one(Predicate<FeatureValues> wanted) {
        return newest(values -> values.size() == 1 && values.values().stream().allMatch(wanted)).values().stream()
                .findFirst()
                .orElseThrow();
    }

    private static double number(FeatureValues values, String feature) {
        return values.getValues().stream()
                .filter(value -> value.getFeature().equals(feature))
                .mapToDouble(value -> value.getNumbers().get(0))
                .findFirst()
                .orElse(0);
    }

    private static AggregateValue value(FeatureValues values, String feature) {
        return values.getValues().stream()
                .filter(value -> value.getFeature().equals(feature))
                .findFirst()
                .orElseThrow();
    }

    /** The newest record of each key, when they are as wanted. */
    private Map<String, FeatureValues> newest(Predicate<Map<String, FeatureValues>> wanted) {
        return newest(wanted, false);
    }

    /** @param afterTombstone whether at least one key must have been forgotten before */
    private Map<String, FeatureValues> newest(Predicate<Map<String, FeatureValues>> wanted, boolean afterTombstone) {
        Codec<FeatureValues> codec = Codec.of(FeatureValues.class);
        Map<String, FeatureValues> newest = new HashMap<>();
        TopicPartition partition = new TopicPartition(kafka.settings().name(Topic.FEATURE_VALUES), 0);
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(
                kafka.settings().consumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = System.nanoTime() + PATIENCE.toNanos();
            boolean isForgotten = !afterTombstone;
            while (!isForgotten || !wanted.test(newest)) {
                assertThat(System.nanoTime())
                        .as("not within 60 s; now %s", newest)
                        .isLessThan(end);
                for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofMillis(50))) {
                    if (read.value() == null) {
                        newest.remove(read.key());
                        isForgotten = true;
                    } else {
                        newest.put(read.key(), codec.decode(read.value()));
                    }
                }
            }
        }
        return newest;
    }
}
