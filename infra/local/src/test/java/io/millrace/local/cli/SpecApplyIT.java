package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.cli.TestingMillrace.Addresses;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team changes its spec while the loop runs. */
class SpecApplyIT {
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
    private static final String NEW_COLUMN = SPEC.replace("{item: categorical}", "{item: categorical, age: numeric}");
    private static final String LARGER = NEW_COLUMN.replace("bits: 12", "bits: 13");
    private static final String AGE = ", \"age\": 3.5";

    @TempDir
    private Path directory;

    private TestingPipeline pipeline;

    @BeforeEach
    void begin() {
        pipeline = new TestingPipeline(directory);
    }

    @Test
    void aNewColumnGoesOnFromTheLiveModelAndALargerTableLearnsTheLogAgain() throws Exception {
        String live;
        String column;
        try (TestingMillrace millrace = pipeline.up(SPEC)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            live = application.model().path("lineage").asText();
            pipeline.ask(application, log, 30, "like");
            Waiting.until("all is learned", () -> application.version() == TestingPipeline.end(log));
            String said = apply(addresses, NEW_COLUMN);
            column = lineage(said);
            assertThat(said)
                    .contains("from version " + TestingPipeline.end(log) + " of the live model on")
                    .contains("then start again with the changed spec");
            pipeline.ask(application, log, 5, "dismiss");
            Waiting.until(
                    "it has learned examples of the old features",
                    () -> pipeline.version(addresses, column) == TestingPipeline.end(log));
            pipeline.command(addresses, "switch", column);
            pipeline.ask(application, log, 2, "like");
            assertThat(application.model().path("lineage").asText())
                    .as("what cannot score the new features stays")
                    .isEqualTo(live);
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
        try (TestingMillrace millrace = pipeline.up(NEW_COLUMN)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            Waiting.until(
                    "the new lineage serves",
                    () -> application.model().path("lineage").asText().equals(column));
            pipeline.command(addresses, "drop", live);
            pipeline.ask(application, log, 10, "like", AGE);
            Waiting.until("it learns the new column", () -> application.version() == TestingPipeline.end(log));

            String larger = lineage(apply(addresses, LARGER));
            Waiting.until(
                    "the log is learned again", () -> pipeline.version(addresses, larger) == TestingPipeline.end(log));
            pipeline.command(addresses, "switch", larger);
            assertThat(pipeline.done(addresses, "verify").out())
                    .contains("Equal: everything that was published is what the log implies")
                    .contains("47 examples learned again");
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
        try (TestingMillrace millrace = pipeline.up(LARGER)) {
            TestingApplication application =
                    new TestingApplication(millrace.awaitStart().http());
            assertThat(application.model().path("examples").asInt()).isEqualTo(47);
        }
    }

    @Test
    void whatTheLogCannotBeLearnedByIsRefusedWithTheWayOut() throws Exception {
        String spec = SPEC.replace("{item: categorical}", "{item: categorical, rating: categorical}");
        try (TestingMillrace millrace = pipeline.up(spec)) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            pipeline.ask(application, new TestingLog(addresses.kafka()), 3, "like", ", \"rating\": \"PG\"");
            String changed = spec.replace("rating: categorical", "rating: numeric");
            Files.writeString(directory.resolve("changed.yaml"), changed);
            assertThat(pipeline.wrong(addresses, "spec", "apply", "changed.yaml"))
                    .contains("decision.candidate.rating of ", "changed.yaml: numeric (expected: categorical; ")
                    .contains("Give it another name")
                    .contains("--from-now");
            assertThat(apply(addresses, changed, "--from-now")).contains(" is learned ");
            assertThat(apply(addresses, spec.replace("50ms", "100ms"))).contains("the model stays as it is");
            millrace.terminate();
            millrace.awaitExit(TestingPipeline.STOP);
        }
    }

    private String apply(Addresses addresses, String yaml, String... flags) throws Exception {
        Files.writeString(directory.resolve("changed.yaml"), yaml);
        return flags.length == 0
                ? pipeline.done(addresses, "spec", "apply", "changed.yaml").out()
                : pipeline.done(addresses, "spec", "apply", "changed.yaml", flags[0])
                        .out();
    }

    private static String lineage(String said) {
        return said.replaceFirst("(?s).*\\nlineage (\\w+) is learned.*", "$1");
    }
}
