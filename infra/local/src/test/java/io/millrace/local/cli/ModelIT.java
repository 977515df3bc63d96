package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.cli.TestingMillrace.Addresses;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a model that serves, by the commands of the runbook. */
class ModelIT {
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              candidate: {item: categorical}
            feedback:
              reward: {like: 1.0}
              final: [like, dismiss]
              window: 1h
              late: 1h
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            snapshot: {every: 50ms, base: 2s}
            """;

    @TempDir
    private Path directory;

    private TestingPipeline pipeline;

    @BeforeEach
    void begin() {
        pipeline = new TestingPipeline(directory);
    }

    @Test
    void aPoisonedStretchIsLeftOutOfAModelThatTakesOver() throws Exception {
        try (TestingMillrace millrace = pipeline.up(SPEC)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            String live = application.model().path("lineage").asText();

            pipeline.ask(application, log, 60, "like");
            long from = TestingPipeline.end(log);
            pipeline.ask(application, log, 40, "dismiss");
            Waiting.until("the poison is learned", () -> application.version() == TestingPipeline.end(log));
            assertThat(pipeline.command(addresses, "freeze").out()).contains(live, "learns nothing until");
            Waiting.until("it is said", () -> application.model().path("frozen").asBoolean());
            long to = TestingPipeline.end(log);
            pipeline.ask(application, log, 20, "like");
            assertThat(application.version()).as("frozen").isLessThanOrEqualTo(to);

            String said = pipeline.command(addresses, "rebuild", "--without", from + ".." + to)
                    .out();
            String rebuilt = said.replaceFirst("(?s)^lineage (\\w+) .*", "$1");
            assertThat(said).contains("is learned without " + from + ".." + to);
            Waiting.until("it has caught up", () -> pipeline.version(addresses, rebuilt) == TestingPipeline.end(log));
            assertThat(application.model().path("lineage").asText()).isEqualTo(live);
            refusesAFourthLineage(addresses, from);
            pipeline.command(addresses, "switch", rebuilt.substring(0, 10));
            Waiting.until(
                    "it serves",
                    () -> application.model().path("lineage").asText().equals(rebuilt));
            assertThat(application.version()).isEqualTo(TestingPipeline.end(log));
            assertThat(application.model().path("digest").asText())
                    .isEqualTo(TestingPipeline.digest(SPEC, log, offset -> offset < from || offset >= to))
                    .isNotEqualTo(TestingPipeline.digest(SPEC, log, offset -> true));
            pipeline.ask(application, log, 5, "like");
            Waiting.until("it learns on", () -> application.version() == TestingPipeline.end(log));

            pipeline.command(addresses, "thaw", "--lineage", live);
            Waiting.until(
                    "the one before has caught up, too",
                    () -> pipeline.version(addresses, live) == TestingPipeline.end(log));
            pipeline.command(addresses, "drop", live);
            goesBack(addresses, application, log, from);
            assertThat(pipeline.done(addresses, "verify").out())
                    .contains("Equal: everything that was published is what the log implies");
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
    }

    /** And nothing of it is left. */
    private void refusesAFourthLineage(Addresses addresses, long version) throws Exception {
        String third = pipeline.command(addresses, "rebuild", "--without", version + ".." + (version + 1))
                .out()
                .replaceFirst("(?s)^lineage (\\w+) .*", "$1");
        Set<String> listed = pipeline.lineages(addresses);
        assertThat(pipeline.wrong(addresses, "model", "rollback", Long.toString(version)))
                .contains("at most 3; drop one");
        assertThat(pipeline.lineages(addresses)).isEqualTo(listed).contains(third);
        assertThat(pipeline.storedLineages()).isSubsetOf(listed);
        pipeline.command(addresses, "drop", third);
    }

    private void goesBack(Addresses addresses, TestingApplication application, TestingLog log, long version)
            throws Exception {
        String digest = TestingPipeline.digest(SPEC, log, offset -> offset < version);
        assertThat(pipeline.command(addresses, "pin", Long.toString(version)).out())
                .contains(digest);
        Waiting.until("the version is pinned", () -> application.version() == version);
        pipeline.ask(application, log, 5, "like");
        assertThat(application.model().path("digest").asText()).isEqualTo(digest);
        assertThat(application.model().path("pinned").asBoolean()).isTrue();
        pipeline.command(addresses, "unpin");
        Waiting.until("the newest serves", () -> application.version() == TestingPipeline.end(log));

        String before = application.model().path("lineage").asText();
        // What stands there is no example but a transaction's end.
        String wanted = Long.toString(version + 1);
        assertThat(pipeline.command(addresses, "rollback", wanted).out())
                .contains(
                        " serves from version " + version + " on, which is version " + wanted + ", too: of " + version
                                + ".." + wanted + " there is nothing to learn; digest " + digest,
                        "; the log's offsets " + version + "..",
                        " are passed over, and what comes from ");
        Waiting.until(
                "it serves", () -> !application.model().path("lineage").asText().equals(before));
        Waiting.until("the log is passed over", () -> application.version() == TestingPipeline.end(log));
        assertThat(application.model().path("digest").asText()).isEqualTo(digest);
        assertThat(pipeline.wrong(addresses, "model", "rollback", wanted))
                .contains("version: " + wanted + " (expected: one before what the live lineage passes over already, ")
                .contains(" " + version + "..", ": up to the log's end it has learned nothing since");
        assertThat(pipeline.wrong(addresses, "model", "rebuild", "--without", wanted + ".." + (version + 2)))
                .contains(
                        "--without: " + wanted + ".." + (version + 2)
                                + " (expected: something that the live lineage does not pass over already; it is learned without ");
        long end = TestingPipeline.end(log);
        pipeline.ask(application, log, 5, "like");
        Waiting.until("it learns what comes now", () -> application.version() == TestingPipeline.end(log));
        assertThat(application.model().path("digest").asText())
                .isEqualTo(TestingPipeline.digest(SPEC, log, offset -> offset < version || offset >= end));
    }

    @Test
    void wrongInputIsSaid() throws Exception {
        try (TestingMillrace millrace = pipeline.up(SPEC)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            pipeline.ask(application, new TestingLog(addresses.kafka()), 3, "like");
            String live = application.model().path("lineage").asText();
            assertThat(pipeline.wrong(addresses, "model", "switch", "ffff"))
                    .contains("lineage: ffff (unknown; expected: one of [" + live + "])");
            assertThat(pipeline.wrong(addresses, "model", "drop", live))
                    .contains("is live (expected: another; switch first)");
            assertThat(pipeline.wrong(addresses, "model", "unpin")).contains("pinned: nothing");
            assertThat(pipeline.wrong(addresses, "model", "pin", "999")).contains("999 is beyond the log");
            assertThat(pipeline.wrong(addresses, "model", "rollback", "999"))
                    .contains("version: 999 (expected: one before the log's end");
            assertThat(pipeline.wrong(addresses, "model", "rebuild", "--without", "5..9"))
                    .contains("--without: 5..9 (expected: some of examples-0, which has offsets 0..");
            assertThat(pipeline.wrong(addresses, "model", "rebuild", "--without", "9-5"))
                    .contains("--without: 9-5 (expected: FROM..TO, two offsets");
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
        try (TestingMillrace other = pipeline.up(SPEC.replace("bits: 12", "bits: 13"))) {
            assertThat(other.awaitExit(TestingPipeline.STOP)).isEqualTo(2);
            assertThat(other.err())
                    .contains("learns by another spec: model.bits: 13 (expected: 12); 'millrace spec diff' says");
        }
    }
}
