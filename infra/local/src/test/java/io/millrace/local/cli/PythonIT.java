package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/python.md says, with Python, pandas and a reader of Parquet that are not ours. Where they are, the property
 * {@code millrace.python} says; {@code .ci/python} installs them.
 */
@EnabledIfSystemProperty(named = "millrace.python", matches = ".+")
class PythonIT {
    private static final long SEED = 5;
    private static final int DECISIONS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCRIPTS = Path.of("../python").toAbsolutePath().normalize();
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              slots: 2
              context: {hour: categorical}
              candidate: {item: categorical, genres: categorical_set, age_days: numeric}
            feedback:
              reward: {click: 1.0, like: 1.0}
              final: [like, dismiss]
              window: 1s
              late: 1h
            crosses: [[user, genres], [hour, item]]
            model: {learner: ftrl, bits: 14, alpha: 0.3, seed: -7}
            snapshot: {every: 50ms, base: 1s}
            """;

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final List<String> late = new ArrayList<>();

    private record Ended(int exit, String text) {}

    private Ended python(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("millrace.python"), SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("DUCKDB_LIBRARY", System.getProperty("millrace.duckdb", ""));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thePublishedVectorsOfHashesArePythons() {
        Ended checked = python("check_vectors.py");
        assertThat(checked.exit()).as(checked.text()).isZero();
    }

    @Test
    void aHistoryThatIsLearnedAgainGivesTheLossAndTheWeightsThatWerePublished() throws Exception {
        TestingPipeline pipeline = new TestingPipeline(directory);
        try (TestingMillrace loop = pipeline.up(SPEC)) {
            Addresses addresses = loop.awaitStart();
            TestingLog log = new TestingLog(addresses.kafka());
            TestingApplication application = new TestingApplication(addresses.http());
            decide(application);
            Waiting.until("all labels", () -> count(log, ExampleKind.ORIGINAL) == 2 * DECISIONS);
            late.forEach(application::tell);
            Waiting.until("the corrections", () -> count(log, ExampleKind.CORRECTION) == late.size());
            try (TestingMillrace history = history(addresses)) {
                long end = TestingPipeline.end(log);
                Waiting.until("a base of everything", PATIENCE, () -> base(end).isEmpty(), loop::err);
                assertThat(export(base(end).orElseThrow())).isZero();
                String[] flags = {"--history", "history", "--spec", "movies.yaml", "--weights", "weights.csv"};
                Waiting.until(
                        "the same again",
                        PATIENCE,
                        () -> python("reproduce.py", flags).exit() != 0,
                        () -> python("reproduce.py", flags).text() + history.err());
                assertThat(python("reproduce.py", flags).text())
                        .contains("examples      " + (2 * DECISIONS + late.size()))
                        .contains("farthest apart 0\n");
            }
        }
    }

    private void decide(TestingApplication application) {
        for (int i = 0; i < DECISIONS; i++) {
            String hour = random.nextInt(10) == 0 ? "{}" : "{\"hour\": " + random.nextInt(24) + "}";
            List<String> candidates = new ArrayList<>();
            for (int item = 0; item < 5; item++) {
                String age = random.nextInt(5) == 0 ? "" : ", \"age_days\": " + random.nextInt(9_000);
                candidates.add("{\"item\": \"m" + (item * 3 + random.nextInt(3)) + "\", \"genres\": [\"g"
                        + random.nextInt(3) + "\", \"h" + random.nextInt(2) + "\"]" + age + "}");
            }
            JsonNode decision =
                    application.rank("{\"request_id\": \"r-" + i + "\", \"subject\": \"u" + random.nextInt(9)
                            + "\", \"context\": " + hour + ", \"candidates\": [" + String.join(", ", candidates)
                            + "]}");
            assertThat(decision.path("slate")).hasSize(2);
            for (int slot = 0; slot < 2; slot++) {
                react(application, i, slot);
            }
        }
    }

    /** Some like it, some do not, some say so too late, and of the rest the window ends. */
    private void react(TestingApplication application, int request, int slot) {
        String named = "{\"id\": \"f-" + request + "-" + slot + "\", \"request_id\": \"r-" + request + "\", \"slot\": "
                + slot + ", \"kind\": ";
        switch (random.nextInt(6)) {
            case 0, 1 -> application.tell(named + "\"like\"}");
            case 2 -> application.tell(named + "\"dismiss\"}");
            case 3 -> late.add(named + "\"like\"}");
            default -> {}
        }
    }

    private static long count(TestingLog log, ExampleKind kind) {
        return log.read(Topic.EXAMPLES, Example.class).stream()
                .filter(placed -> placed.value().getKind() == kind)
                .count();
    }

    private TestingMillrace history(Addresses addresses) throws IOException {
        String brokers = addresses.kafka().client().get("bootstrap.servers");
        return TestingMillrace.start(
                directory,
                "history",
                "run",
                "--spec",
                "movies.yaml",
                "--kafka",
                brokers,
                "--to",
                "history",
                "--checkpoint-interval",
                "500");
    }

    /** The newest base snapshot, if it holds everything before the offset. */
    private Optional<Path> base(long end) {
        try (Stream<Path> files = Files.walk(directory.resolve("data/models"))) {
            return files.filter(file -> file.toString().endsWith(".base"))
                    .max(Comparator.comparing(Path::getFileName))
                    .filter(file -> Long.parseLong(file.getFileName().toString().replace(".base", "")) >= end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int export(Path base) {
        return Millrace.run(
                "model",
                "export",
                base.toString(),
                "--to",
                directory.resolve("weights.csv").toString());
    }
}
