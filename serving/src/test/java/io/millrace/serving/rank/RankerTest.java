package io.millrace.serving.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.Name;
import io.millrace.record.Slot;
import io.millrace.serving.TestingClock;
import io.millrace.serving.TestingSpecs;
import io.millrace.serving.TestingTrainer;
import io.millrace.serving.model.ServedModel;
import io.millrace.serving.popularity.RewardRates;
import io.millrace.trainer.score.Scorer;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RankerTest {
    private static final String REQUEST = """
            {"request_id":"r-1","subject":"u7","time":1000000,"context":{"hour":8,"weather":{"rain":0.5}},"slots":3,
             "candidates":[{"item":"a","genres":["Drama","Crime"],"age_days":3.5,"vector":[0.5,-1]},
                           {"item":"b","genres":[],"seen":["a","c","a"]},
                           {"item":"c"},
                           {"item":"d","genres":["Comedy"],"studio":"x","age_days":null}]}
            """;

    private EntitySource entities = EntitySource.NONE;
    private final PipelineSpec spec = TestingSpecs.movies();
    private final TestingClock clock = new TestingClock(Instant.parse("2026-01-01T00:00:00.000123Z"));
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();
    private final AnswerCache answers = new AnswerCache(now::get);
    private final Random random = new Random(5);
    private @Nullable ServedModel model;
    private final LogProducer producer = new LogProducer(KafkaSettings.of("nowhere:1"), kafka);
    private final Ranker ranker = ranker(spec);

    @AfterEach
    void close() {
        producer.close();
    }

    private List<ProducerRecord<byte[], byte[]>> sent(LogProducer by, MockProducer<byte[], byte[]> to) {
        try {
            by.awaitSent(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return to.history();
    }

    private Ranker ranker(PipelineSpec pipeline) {
        return ranker(pipeline, producer);
    }

    private Ranker ranker(PipelineSpec pipeline, LogProducer producer) {
        return new Ranker(
                pipeline,
                "a secret of the test".getBytes(StandardCharsets.UTF_8),
                () -> model,
                new RewardRates(),
                () -> entities,
                answers,
                producer,
                new RankMetrics(registry),
                clock,
                random::nextLong);
    }

    private Answer rank(String body) throws InvalidRequestException {
        return ranker.rank(body.getBytes(StandardCharsets.UTF_8));
    }

    private List<ProducerRecord<byte[], byte[]>> written(Topic topic) {
        return sent(producer, kafka).stream()
                .filter(written -> written.topic().equals(topic.text()))
                .toList();
    }

    private Decision decision(int number) {
        return Codec.of(Decision.class)
                .decode(written(Topic.DECISIONS).get(number).value());
    }

    private static ServedModel trained(PipelineSpec spec) {
        TestingTrainer trainer = new TestingTrainer(spec, "topic", 3);
        trainer.learn(3_000);
        ModelSnapshot snapshot =
                ModelSnapshot.initial(spec, trainer.lineage(), 0).apply(trainer.delta(0, 3_000));
        return new ServedModel(snapshot, 0, 0);
    }

    @Test
    void logsWhichFeatureValuesItKnew() throws InvalidRequestException {
        rank(REQUEST);
        assertThat(decision(0).getFeaturesOffset()).isEqualTo(-1);
        entities = new EntitySource() {
            @Override
            public @Nullable EntityValues find(int group, long entity) {
                return null;
            }

            @Override
            public long position() {
                return 41;
            }
        };
        rank(REQUEST.replace("r-1", "r-2"));
        assertThat(decision(1).getFeaturesOffset()).isEqualTo(41);
    }

    @Test
    void logsWhatWasUsedSoThatItsScoresCanBeComputedAgainFromTheLog() throws InvalidRequestException {
        ServedModel served = trained(spec);
        model = served;
        Set<Float> different = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Answer answer = rank(REQUEST.replace("r-1", "r-" + i));
            Decision decision = decision(i);
            for (Slot slot : decision.getSlate()) {
                byte[] candidate = slot.getFeatures().array();
                byte[] shared = decision.getShared().array();
                byte[] whole = new byte[shared.length + candidate.length];
                System.arraycopy(shared, 0, whole, 0, shared.length);
                System.arraycopy(candidate, 0, whole, shared.length, candidate.length);
                SparseVector sparse = new SparseVector();
                new Indexer(spec).index(new FeatureVector(spec.featureSet()).unpack(whole), sparse);
                assertThat((float) Scorer.of(spec).score(served.snapshot(), sparse))
                        .isEqualTo(slot.getScore());
                different.add(slot.getScore());
            }
            assertThat(decision.getModel().getLineage())
                    .isEqualTo(served.snapshot().lineage());
            assertThat(decision.getModel().getOffsets()).containsExactly(3_000L);
            assertThat(Answer.of(decision)).isEqualTo(answer);
        }
        assertThat(different).hasSize(4);
    }

    @Test
    void logsTheDecisionWhole() throws InvalidRequestException {
        Answer answer = rank(REQUEST);
        Decision decision = decision(0);
        assertThat(new String(written(Topic.DECISIONS).get(0).key(), StandardCharsets.UTF_8))
                .isEqualTo(answer.decisionId());
        assertThat(DecisionIds.joinKey(answer.decisionId())).isEqualTo(DecisionIds.joinKeyOfRequest("r-1"));
        assertThat(DecisionIds.timeMillis(answer.decisionId())).isEqualTo(clock.millis());
        assertThat(decision.getRequestId()).isEqualTo("r-1");
        assertThat(decision.getSubject()).isEqualTo("u7");
        assertThat(decision.getTimeMicros()).isEqualTo(1_000_000);
        assertThat(decision.getFeatureSetVersion()).isEqualTo(spec.featureSet().version());
        assertThat(decision.getCandidates()).isEqualTo(4);
        assertThat(decision.getUnshownRate()).isZero();
        assertThat(decision.getModel()).isNull();
        assertThat(decision.getSlate()).hasSize(3);
        assertThat(answer.slate()).allSatisfy(shown -> {
            assertThat(shown.score()).isZero();
            assertThat(shown.propensity()).isEqualTo(0.25);
        });
    }

    @Test
    void logsEveryCandidateWithWhatItWasScoredFromWhereTheSpecSaysSo() throws InvalidRequestException {
        PipelineSpec logging = TestingSpecs.moviesLogging("all");
        ServedModel served = trained(logging);
        model = served;
        Ranker all = ranker(logging);
        for (int i = 0; i < 20; i++) {
            all.rank(REQUEST.replace("r-1", "r-" + i)
                    .replace("\"slots\":3", "\"slots\":1")
                    .getBytes(StandardCharsets.UTF_8));
            Decision decision = decision(i);
            assertThat(decision.getUnshownRate()).isEqualTo(1.0);
            List<String> items = new ArrayList<>(
                    decision.getUnshown().stream().map(Candidate::getItem).toList());
            items.add(decision.getSlate().get(0).getItem());
            assertThat(items).containsExactlyInAnyOrder("a", "b", "c", "d");
            for (Candidate candidate : decision.getUnshown()) {
                byte[] shared = decision.getShared().array();
                byte[] own = candidate.getFeatures().array();
                byte[] whole = Arrays.copyOf(shared, shared.length + own.length);
                System.arraycopy(own, 0, whole, shared.length, own.length);
                SparseVector sparse = new SparseVector();
                new Indexer(logging).index(new FeatureVector(logging.featureSet()).unpack(whole), sparse);
                assertThat((float) Scorer.of(logging).score(served.snapshot(), sparse))
                        .isEqualTo(candidate.getScore());
            }
        }
    }

    @Test
    void logsTheOthersAtTheRateOfTheSpecWhicheverIsShown() throws InvalidRequestException {
        double rate = 0.3;
        Ranker sampling = ranker(TestingSpecs.moviesLogging("sample(" + rate + ")"));
        int decisions = 4_000;
        int slots = 1;
        for (int i = 0; i < decisions; i++) {
            sampling.rank(REQUEST.replace("r-1", "r-" + i)
                    .replace("\"slots\":3", "\"slots\":" + slots)
                    .getBytes(StandardCharsets.UTF_8));
        }
        int logged = 0;
        for (ProducerRecord<byte[], byte[]> written : written(Topic.DECISIONS)) {
            Decision decision = Codec.of(Decision.class).decode(written.value());
            assertThat(decision.getUnshownRate()).isEqualTo(rate);
            assertThat(decision.getUnshown())
                    .extracting(Candidate::getItem)
                    .doesNotHaveDuplicates()
                    .doesNotContain(decision.getSlate().get(0).getItem());
            logged += decision.getUnshown().size();
        }
        int unshown = decisions * (4 - slots);
        double deviation = Math.sqrt(unshown * rate * (1 - rate));
        assertThat((double) logged).isBetween(unshown * rate - 6 * deviation, unshown * rate + 6 * deviation);
    }

    @Test
    void aDecisionThatIsTooLargeWithWhatWasNotShownIsLoggedWithoutIt() throws InvalidRequestException {
        try (LogProducer bounded = bounded(1_000)) {
            String large = REQUEST.replace("\"d\"", "\"" + "d".repeat(250) + "\"")
                    .replace("\"c\"}", "\"" + "c".repeat(250) + "\"}")
                    .replace("\"slots\":3", "\"slots\":1");
            Answer answer =
                    ranker(TestingSpecs.moviesLogging("all"), bounded).rank(large.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.logged()).isTrue();
            Decision decision = Codec.of(Decision.class)
                    .decode(sent(bounded, kafka).stream()
                            .filter(written -> written.topic().equals(Topic.DECISIONS.text()))
                            .findFirst()
                            .orElseThrow()
                            .value());
            assertThat(decision.getUnshown()).isEmpty();
            assertThat(decision.getUnshownRate()).isZero();
            assertThat(decision.getSlate()).hasSize(1);
            assertThat(registry.counter("millrace.rank.unshown.left_out").count())
                    .isOne();
        }
    }

    @Test
    void aDecisionThatIsTooLargeAltogetherIsAnsweredAsNotLogged() throws InvalidRequestException {
        try (LogProducer bounded = bounded(300)) {
            Answer answer = ranker(spec, bounded).rank(REQUEST.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.logged()).isFalse();
            assertThat(DecisionIds.isUnlogged(answer.decisionId())).isTrue();
            assertThat(sent(bounded, kafka))
                    .noneMatch(written -> written.topic().equals(Topic.DECISIONS.text()));
            assertThat(registry.counter("millrace.rank.log.failures", "topic", "decisions")
                            .count())
                    .isOne();
        }
    }

    private LogProducer bounded(int bytes) {
        return new LogProducer(
                new KafkaSettings(
                        Map.of("bootstrap.servers", "nowhere:1", "max.request.size", Integer.toString(bytes)), ""),
                kafka);
    }

    @Test
    void takesTheClockWhereNoTimeIsTold() throws InvalidRequestException {
        rank("{\"subject\":\"u\",\"candidates\":[{\"item\":\"a\"}]}");
        assertThat(decision(0).getTimeMicros()).isEqualTo(clock.millis() * 1000 + 123);
        assertThat(decision(0).getRequestId()).isNull();
    }

    @Test
    void answersARetryWithTheFirstAnswerWhateverElseItSays() throws InvalidRequestException {
        Answer first = rank(REQUEST);
        assertThat(rank(REQUEST)).isSameAs(first);
        assertThat(rank("{\"request_id\":\"r-1\"}")).isSameAs(first);
        assertThat(written(Topic.DECISIONS)).hasSize(1);
        assertThat(registry.counter("millrace.rank.retries").count()).isEqualTo(2);
        now.addAndGet(AnswerCache.KEPT.toNanos() + 1);
        assertThat(rank(REQUEST)).isNotEqualTo(first);
    }

    @Test
    void aClockThatJumpsBackForgetsNoAnswerAndMintsNoOlderId() throws InvalidRequestException {
        Answer first = rank(REQUEST);
        long before = DecisionIds.timeMillis(first.decisionId());
        clock.advance(Duration.ofHours(-1));
        assertThat(rank(REQUEST)).isEqualTo(first);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String id = rank(REQUEST.replace("r-1", "s-" + i)).decisionId();
            assertThat(DecisionIds.timeMillis(id)).isEqualTo(before);
            ids.add(id);
        }
        assertThat(ids).hasSize(100);
        clock.advance(Duration.ofHours(1).plusMillis(5));
        assertThat(DecisionIds.timeMillis(rank(REQUEST.replace("r-1", "later")).decisionId()))
                .isEqualTo(before + 5);
    }

    @Test
    void severalRequestsWithOneIdAtTheSameMomentAreOneDecision() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                String body = REQUEST.replace("r-1", "together-" + round);
                List<Future<Answer>> asked = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    asked.add(threads.submit(() -> rank(body)));
                }
                Set<Answer> given = new HashSet<>();
                for (Future<Answer> answer : asked) {
                    given.add(answer.get());
                }
                assertThat(given).hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(written(Topic.DECISIONS)).hasSize(50);
    }

    @Test
    void writesEachNameOnce() throws InvalidRequestException {
        rank(REQUEST);
        int names = written(Topic.NAMES).size();
        rank(REQUEST.replace("r-1", "r-2"));
        assertThat(written(Topic.NAMES)).hasSize(names);
        List<String> texts = written(Topic.NAMES).stream()
                .map(written -> Codec.of(Name.class).decode(written.value()))
                .map(name -> name.getField() + "=" + name.getValue())
                .toList();
        assertThat(texts)
                .doesNotHaveDuplicates()
                .contains("user=u7", "hour=8", "weather=rain", "item=d", "genres=Crime", "seen=c", "studio=x")
                .hasSize(13);
    }

    @Test
    void writesNothingOfARequestThatItRefuses() {
        InvalidRequestException e = catchThrowableOfType(
                InvalidRequestException.class,
                () -> rank(REQUEST.replace("3.5", "NaN")
                        .replace("[0.5,-1]", "[1e999]")
                        .replace("[\"Comedy\"]", "\"Comedy\"")
                        .replace("\"hour\":8", "\"hour\":8.5")));
        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "context.hour: 8.5 (expected: a string, a whole number or a boolean)",
                        "candidates[0].age_days: NaN (expected: a finite number, at most 3.4e38 in size)",
                        "candidates[0].vector[0]: Infinity (expected: a finite number, at most 3.4e38 in size)",
                        "candidates[3].genres: \"Comedy\" (expected: a list of strings, whole numbers or booleans)");
        assertThat(sent(producer, kafka)).isEmpty();
    }

    @Test
    void refusesCrossesThatWouldExpandWithoutEnd() {
        PipelineSpec crossed = SpecReader.read("""
                pipeline: crossed
                decision: {subject: user, candidate: {a: categorical_set, b: categorical_set, c: sequence}}
                feedback: {reward: {click: 1.0}}
                crosses: [[a, b, c]]
                """, "crossed.yaml");
        Ranker expanding = ranker(crossed);
        String set = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
        String candidate = "{\"item\":\"i%d\",\"a\":%s,\"b\":%s,\"c\":%s}";
        InvalidRequestException e = catchThrowableOfType(
                InvalidRequestException.class,
                () -> expanding.rank(("{\"subject\":\"u\",\"candidates\":["
                                + candidate.formatted(1, set, set, set)
                                + "," + candidate.formatted(2, "[1]", "[2]", "[3]") + "]}")
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "candidates[0]: 8000000000000 combinations of crossed features (expected: at most 10000)",
                        "candidates: 8000000000001 combinations of crossed features (expected: at most 1000000)");
    }

    @Test
    void answersAndCountsWhereTheLogDoesNotTakeADecision() throws InvalidRequestException {
        kafka.sendException = new TimeoutException("no room");
        assertThat(rank(REQUEST).slate()).hasSize(3);
        assertThat(sent(producer, kafka)).isEmpty();
        assertThat(registry.get("millrace.rank.log.failures")
                        .tag("topic", "decisions")
                        .counter()
                        .count())
                .isEqualTo(1);
        kafka.sendException = null;
        rank(REQUEST.replace("r-1", "r-2"));
        assertThat(written(Topic.NAMES))
                .as("names that failed are written again")
                .hasSize(13);
    }

    @Test
    void failsAtOnceWhereTooMuchWaitsToBeWritten() {
        MockProducer<byte[], byte[]> stuck =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        LogProducer log = new LogProducer(KafkaSettings.of("nowhere:1"), stuck);
        AtomicLong failures = new AtomicLong();
        byte[] value = new byte[1 << 20];
        for (int i = 0; i < 40; i++) {
            log.send(Topic.DECISIONS, new byte[0], value, failures::incrementAndGet);
        }
        assertThat(sent(log, stuck)).hasSize(32);
        assertThat(failures).hasValue(8);
        stuck.completeNext();
        log.send(Topic.DECISIONS, new byte[0], value, failures::incrementAndGet);
        assertThat(sent(log, stuck)).hasSize(33);
        log.close();
    }

    @Test
    void whatIsRankedWhileNoBrokerCanBeReachedIsWrittenWhenOneCan() throws Exception {
        AtomicBoolean isReachable = new AtomicBoolean();
        MockProducer<byte[], byte[]> forgetful =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                        if (isReachable.get()) {
                            return super.send(record, callback);
                        }
                        TimeoutException failure = new TimeoutException("not present in metadata");
                        callback.onCompletion(null, failure);
                        return CompletableFuture.failedFuture(failure);
                    }
                };
        AtomicLong failures = new AtomicLong();
        LogProducer log = new LogProducer(KafkaSettings.of("nowhere:1"), forgetful);
        for (byte i = 0; i < 50; i++) {
            log.send(Topic.DECISIONS, new byte[] {i}, new byte[0], failures::incrementAndGet);
        }
        assertThat(forgetful.history()).isEmpty();
        isReachable.set(true);
        assertThat(sent(log, forgetful))
                .extracting(record -> record.key()[0])
                .isSorted()
                .hasSize(50);
        log.close();
        assertThat(failures).hasValue(0);
    }

    @Test
    void saysOfADecisionThatThereWasNoRoomToLogIt() throws Exception {
        MockProducer<byte[], byte[]> stuck =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        LogProducer log = new LogProducer(KafkaSettings.of("nowhere:1"), stuck);
        Ranker full = ranker(spec, log);
        byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
        Answer logged = full.rank(request);
        assertThat(logged.logged()).isTrue();
        assertThat(new String(AnswerWriter.write(logged), StandardCharsets.UTF_8))
                .doesNotContain("logged");
        while (log.send(Topic.DECISIONS, new byte[0], new byte[1 << 20], () -> {})) {
            continue;
        }
        while (log.send(Topic.DECISIONS, new byte[0], new byte[64], () -> {})) {
            continue;
        }
        Answer unlogged = full.rank(REQUEST.replace("r-1", "r-2").getBytes(StandardCharsets.UTF_8));
        assertThat(unlogged.slate()).hasSize(3);
        assertThat(unlogged.logged()).isFalse();
        assertThat(new String(AnswerWriter.write(unlogged), StandardCharsets.UTF_8))
                .contains("\"logged\":false");
        assertThat(DecisionIds.isUnlogged(unlogged.decisionId())).isTrue();
        assertThat(DecisionIds.isUnlogged(logged.decisionId())).isFalse();
        assertThat(registry.get("millrace.rank.unlogged").counter().count()).isEqualTo(1);
        log.close();
    }
}
