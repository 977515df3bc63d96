package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.demo.Audiences;
import io.millrace.record.Decision;
import io.millrace.record.Delta;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A demo is killed in its middle and started again on its directory; its topics are read when it is done. */
@TestInstance(Lifecycle.PER_CLASS)
class KillIT {
    private static final int DECISIONS = 2_500;
    private static final int LEARNED_BEFORE_THE_KILL = 1_000;
    /** Decisions a second: what is asked must not be over when what is learned has come so far. */
    private static final int RATE = 250;

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    private double acknowledgedBeforeTheKill;
    private long killedMs;
    private JsonNode report;
    private List<Placed<Decision>> decisions;
    private List<Placed<Feedback>> feedback;
    private List<Placed<Example>> examples;
    private List<Placed<Delta>> deltas;

    @BeforeAll
    void killsADemoAndStartsItAgain() throws Exception {
        try (TestingMillrace first = demo("--rate", Integer.toString(RATE))) {
            TestingApplication beside =
                    new TestingApplication(first.awaitStart().http());
            Waiting.until(
                    "half of the learning",
                    () -> beside.model().path("examples").asLong() >= LEARNED_BEFORE_THE_KILL);
            acknowledgedBeforeTheKill = beside.metric("millrace_collector_accepted_total{topic=\"feedback\"}");
            first.kill();
            killedMs = System.currentTimeMillis();
        }
        try (TestingMillrace second = demo()) {
            assertThat(second.awaitExit(PATIENCE)).as(second.err()).isZero();
        }
        report = new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        readTopics();
    }

    private TestingMillrace demo(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "demo",
                "--audience",
                "simulated",
                "--decisions",
                Integer.toString(DECISIONS),
                "--headless",
                "--data-dir",
                "data",
                "--report",
                "report.json"));
        command.addAll(List.of(more));
        return TestingMillrace.start(directory, command.toArray(String[]::new));
    }

    private void readTopics() throws Exception {
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(directory.resolve("data/kafka"), ports.kafka(), ports.controller())) {
            TestingLog log = new TestingLog(KafkaSettings.of(broker.bootstrapServers()));
            decisions = log.read(Topic.DECISIONS, Decision.class);
            feedback = log.read(Topic.FEEDBACK, Feedback.class);
            examples = log.read(Topic.EXAMPLES, Example.class);
            deltas = log.read(Topic.MODEL_UPDATES, Delta.class);
        }
    }

    @Test
    void itWasKilledInItsMiddle() {
        assertThat(decisions).anyMatch(this::isBeforeTheKill).anyMatch(decision -> !isBeforeTheKill(decision));
        assertThat(report.at("/decisions").asLong()).isEqualTo(DECISIONS);
    }

    @Test
    void noRequestIsDecidedTwice() {
        assertThat(decisions)
                .extracting(decision -> decision.value().getRequestId())
                .doesNotHaveDuplicates()
                .hasSize(DECISIONS);
    }

    @Test
    void whatWasAcknowledgedIsInTheLog() {
        assertThat(feedback.stream()
                        .filter(this::isBeforeTheKill)
                        .map(placed -> placed.value().getId())
                        .distinct()
                        .count())
                .isGreaterThanOrEqualTo((long) acknowledgedBeforeTheKill);
        assertThat(feedback.stream().map(placed -> placed.value().getId()).distinct())
                .hasSize(DECISIONS)
                .hasSize(report.at("/feedback").asInt());
    }

    @Test
    void everyFinalFeedbackIsLearnedOnce() {
        Map<String, String> decisionIds = new HashMap<>();
        decisions.forEach(placed ->
                decisionIds.put(placed.value().getRequestId(), placed.value().getId()));
        Map<String, Double> rewards = new HashMap<>();
        for (Placed<Feedback> placed : feedback) {
            Feedback told = placed.value();
            assertThat(told.getFinal$()).isTrue();
            rewards.put(decisionIds.get(told.getRequestId()) + "/" + told.getSlot(), told.getValue());
        }
        Map<String, Double> labels = new HashMap<>();
        for (Placed<Example> placed : examples) {
            Example example = placed.value();
            assertThat(example.getKind()).isEqualTo(ExampleKind.ORIGINAL);
            assertThat(labels.put(example.getDecisionId() + "/" + example.getSlot(), example.getReward()))
                    .as("an earlier label of slot %s of %s", example.getSlot(), example.getDecisionId())
                    .isNull();
        }
        assertThat(labels).isEqualTo(rewards);
    }

    /** The promise that ranks first: whatever crashed, the weights are those that the log alone implies. */
    @Test
    void everyVersionIsBitForBitWhatTheLogImplies() {
        Map<Long, String> published = new TreeMap<>();
        for (Placed<Delta> placed : deltas) {
            Delta delta = placed.value();
            String other = published.put(delta.getTo(), delta.getDigest());
            assertThat(other).isIn(null, delta.getDigest());
        }
        JsonNode model = report.at("/model");
        assertThat(published)
                .containsEntry(
                        model.at("/version").asLong(), model.at("/digest").asText());

        PipelineSpec spec = SpecReader.read(Audiences.SIMULATED.spec(), "simulated.yaml");
        try (ShardLearner alone = new ShardLearner(spec, model.at("/lineage").asText(), 0)) {
            for (Placed<Example> placed : examples) {
                assertThat(alone.learn(placed.offset(), placed.value())).isEmpty();
                assertThat(published.remove(alone.offset()))
                        .as("digest of version %s", alone.offset())
                        .isIn(null, alone.digest());
            }
            assertThat(published).as("versions that no example ends").isEmpty();
            assertThat(alone.offset()).isEqualTo(model.at("/version").asLong());
            assertThat(alone.examples()).isEqualTo(DECISIONS);
            assertThat(alone.digest()).isEqualTo(model.at("/digest").asText());
        }
    }

    @Test
    void noDecisionAfterTheRestartIsMadeWithAnOlderVersion() {
        long newest = deltas.stream()
                .filter(this::isBeforeTheKill)
                .mapToLong(placed -> placed.value().getTo())
                .max()
                .orElseThrow();
        assertThat(newest).isGreaterThanOrEqualTo(LEARNED_BEFORE_THE_KILL);
        assertThat(decisions.stream().filter(placed -> !isBeforeTheKill(placed)))
                .extracting(placed -> placed.value().getModel().getOffsets().get(0))
                .isNotEmpty()
                .allSatisfy(version -> assertThat(version).isGreaterThanOrEqualTo(newest));
    }

    private boolean isBeforeTheKill(Placed<?> placed) {
        return placed.writtenMs() <= killedMs;
    }
}
