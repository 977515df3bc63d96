package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.local.model.ModelList;
import io.millrace.local.model.ModelOperator;
import io.millrace.record.Example;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A loop on a directory, the application that uses it, and the operator who works on its model. */
final class TestingPipeline {
    static final Duration STOP = Duration.ofSeconds(60);

    private final Path directory;

    private int asked;

    TestingPipeline(Path directory) {
        this.directory = directory;
    }

    /** Starts the loop on the pipeline's directory. */
    TestingMillrace up(String yaml) throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), yaml);
        return TestingMillrace.start(
                directory, "up", "--spec", "movies.yaml", "--data-dir", "data", "--port", "0", "--kafka-port", "0");
    }

    /** Decisions of one slot each, with the same reaction to all. */
    void ask(TestingApplication application, TestingLog log, int count, String reaction) {
        ask(application, log, count, reaction, "");
    }

    /** @param more fields of each candidate */
    void ask(TestingApplication application, TestingLog log, int count, String reaction, String more) {
        for (int i = 0; i < count; i++) {
            int number = asked++;
            JsonNode decision =
                    application.rank("""
                    {"request_id": "r-%d", "subject": "u%d", "candidates": [{"item": "m%d"%s}, {"item": "m%d"%s}]}
                    """.formatted(number, number % 7, number % 5, more, (number + 2) % 5, more));
            assertThat(decision.path("slate")).isNotEmpty();
            application.tell("""
                    {"id": "f-%d", "request_id": "r-%d", "slot": 0, "kind": "%s"}
                    """.formatted(number, number, reaction));
        }
        Waiting.until("the examples", () -> examples(log).size() == asked);
    }

    /** Examples that came otherwise. */
    void asked(int more) {
        asked += more;
    }

    private static List<Placed<Example>> examples(TestingLog log) {
        return log.read(Topic.EXAMPLES, Example.class);
    }

    /** The version that has learned all examples. */
    static long end(TestingLog log) {
        List<Placed<Example>> examples = examples(log);
        return examples.get(examples.size() - 1).offset() + 1;
    }

    /** What a model that sees only these examples has learned. */
    static String digest(String yaml, TestingLog log, LongPredicate seen) {
        PipelineSpec spec = SpecReader.read(yaml, "test");
        try (ShardLearner learner = new ShardLearner(spec, "alone", 0)) {
            examples(log).stream()
                    .filter(placed -> seen.test(placed.offset()))
                    .forEach(placed -> learner.learn(placed.offset(), placed.value()));
            return learner.digest();
        }
    }

    /** The newest published version of a lineage; -1 before the first. */
    long version(Addresses addresses, String lineage) {
        return list(addresses).stream()
                .filter(row -> row.lineage().equals(lineage) && row.version() != null)
                .mapToLong(ModelList.Row::version)
                .findFirst()
                .orElse(-1);
    }

    /** The names of all lineages that are known. */
    Set<String> lineages(Addresses addresses) {
        return list(addresses).stream().map(ModelList.Row::lineage).collect(Collectors.toSet());
    }

    private static List<ModelList.Row> list(Addresses addresses) {
        ModelOperator operator =
                new ModelOperator(addresses.kafka(), Optional.empty(), Optional.empty(), Clock.systemUTC(), line -> {});
        try {
            return operator.list().rows();
        } catch (StartException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The names of all lineages that have files. */
    Set<String> storedLineages() throws IOException {
        try (Stream<Path> found = Files.list(directory.resolve("data/models/movies"))) {
            return found.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** What a command has printed. */
    record Ended(int exit, String out, String err) {}

    /** Runs 'millrace model' on the loop. */
    Ended command(Addresses addresses, String... arguments) {
        return done(addresses, "model", arguments);
    }

    /** Runs a command on the loop that must do its work. */
    Ended done(Addresses addresses, String command, String... arguments) {
        Ended ended = run(all(addresses, command, arguments));
        assertThat(ended.exit()).as(ended.err()).isZero();
        return ended;
    }

    /** Runs a command on the loop that must refuse; returns what it says. */
    String wrong(Addresses addresses, String command, String... arguments) {
        Ended ended = run(all(addresses, command, arguments));
        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        return ended.err();
    }

    private String[] all(Addresses addresses, String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--kafka", bootstrap(addresses), "--store", store()));
        return all.toArray(String[]::new);
    }

    private static String bootstrap(Addresses addresses) {
        return addresses.kafka().client().get("bootstrap.servers");
    }

    private String store() {
        return directory.resolve("data/models").toUri().toString();
    }

    /** In this process, which is five times faster than one of its own; files are looked for in the pipeline's directory. */
    private Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] placed = Arrays.stream(arguments)
                .map(argument -> Files.isRegularFile(directory.resolve(argument))
                        ? directory.resolve(argument).toString()
                        : argument)
                .toArray(String[]::new);
        int exit = Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(placed);
        return new Ended(exit, out.toString(), err.toString());
    }
}
