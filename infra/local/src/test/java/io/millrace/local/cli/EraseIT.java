package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Name;
import io.millrace.wire.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A subject is forgotten while the loop runs, and a model that never knew it takes over; then the old examples are deleted, too.
 */
class EraseIT {
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              candidate: {item: categorical}
            feedback:
              reward: {like: 1.0, click: 0.5}
              final: [like, dismiss]
              window: 1h
              late: 1h
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            snapshot: {every: 50ms, base: 2s}
            """;
    private static final String ERASED = "u3";

    @TempDir
    private Path directory;

    @Test
    void whoIsErasedIsNeitherLearnedNorShown() throws Exception {
        TestingPipeline pipeline = new TestingPipeline(directory);
        try (TestingMillrace millrace = pipeline.up(SPEC)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            assertThat(pipeline.wrong(addresses, "model", "rebuild", "--without-erased"))
                    .contains("erased: 0 subjects, as in the live lineage (expected: another since");
            pipeline.ask(application, log, 28, "like");
            assertThat(pipeline.done(addresses, "trace", "r-3").out()).contains("user=" + ERASED);

            assertThat(pipeline.done(addresses, "erase", ERASED).out())
                    .contains(ERASED + ": from now on nothing is learned of what was decided until")
                    .contains("the last is deleted some time after", "kept for ever, and passed over");
            // A correction of what was decided before, and other decisions, of which the subject's are learned again.
            application.tell("""
                    {"id": "late", "request_id": "r-3", "slot": 0, "kind": "click"}
                    """);
            Waiting.until("the correction", () -> examples(log).size() == 29);
            long correction = examples(log).get(28).offset();
            pipeline.asked(1);
            pipeline.ask(application, log, 14, "dismiss");
            Waiting.until("all is learned", () -> application.version() == TestingPipeline.end(log));
            assertThat(application.model().path("digest").asText())
                    .isEqualTo(TestingPipeline.digest(SPEC, log, offset -> offset != correction))
                    .isNotEqualTo(TestingPipeline.digest(SPEC, log, offset -> true));
            assertThat(pipeline.wrong(addresses, "trace", "r-3"))
                    .contains("decision r-3: its subject asked to be forgotten, with what was decided until");
            assertThat(pipeline.done(addresses, "trace", "r-31").out()).contains("request r-31");

            String said =
                    pipeline.command(addresses, "rebuild", "--without-erased").out();
            assertThat(said).contains("is learned without 1 subject that was erased, from the log's beginning");
            String rebuilt = said.replaceFirst("(?s)^lineage (\\w+) .*", "$1");
            Waiting.until("it has caught up", () -> pipeline.version(addresses, rebuilt) == TestingPipeline.end(log));
            assertThat(pipeline.command(addresses, "list").out()).contains("without 1 subject");
            pipeline.command(addresses, "switch", rebuilt);
            Waiting.until(
                    "it serves",
                    () -> application.model().path("lineage").asText().equals(rebuilt));
            Set<Long> erased = decidedBefore(log, correction);
            assertThat(application.model().path("digest").asText())
                    .isEqualTo(TestingPipeline.digest(SPEC, log, offset -> !erased.contains(offset)));
            assertThat(pipeline.done(addresses, "verify").out())
                    .contains("Equal: everything that was published is what the log implies")
                    .contains("6 passed over for erasures", "1 erasure: from there on");
            assertThat(nameIsGone(log)).isTrue();

            log.deleteBefore(Topic.EXAMPLES, correction);
            assertThat(pipeline.done(addresses, "verify").out())
                    .contains("which is taken to be right: the log's beginning is deleted")
                    .contains("Equal as far as the log goes back: everything that was published since");
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
    }

    private static List<Placed<Example>> examples(TestingLog log) {
        return log.read(Topic.EXAMPLES, Example.class);
    }

    /** Where the subject's examples stand that were decided before it was erased. */
    private static Set<Long> decidedBefore(TestingLog log, long correction) {
        Set<String> decisions = log.read(Topic.DECISIONS, Decision.class).stream()
                .map(Placed::value)
                .filter(decision -> decision.getSubject().equals(ERASED))
                .map(Decision::getId)
                .collect(Collectors.toSet());
        return examples(log).stream()
                .filter(placed -> placed.offset() <= correction
                        && decisions.contains(placed.value().getDecisionId()))
                .map(Placed::offset)
                .collect(Collectors.toSet());
    }

    /** Until the subject was decided for once more, by a process that has forgotten that it wrote the name already. */
    private static boolean nameIsGone(TestingLog log) {
        long hash = FeatureHash.of("user").hash(ERASED);
        return log.compacted(Topic.NAMES, Name.class).stream().noneMatch(name -> name.getHash() == hash);
    }
}
