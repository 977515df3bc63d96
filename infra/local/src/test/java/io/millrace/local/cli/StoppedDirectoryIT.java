package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.local.DataDirectory;
import io.millrace.local.LoopbackPorts;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a directory whose log is not what they need: they say so, and change nothing. */
class StoppedDirectoryIT {
    private static final List<List<String>> LOOKING = List.of(
            List.of("verify"),
            List.of("consistency"),
            List.of("trace", "r-1"),
            List.of("deadletters", "list"),
            List.of("deadletters", "show", "feedback", "0", "0"),
            List.of("alerts"),
            List.of("model", "list"));
    private static final String SPEC = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {like: 1.0}}
            """;

    @TempDir
    private Path temporary;

    private Path data;

    @BeforeEach
    void make() throws Exception {
        data = temporary.resolve("data");
        inTheDirectory(admin -> admin.createMissing(TopicPlan.small(1)));
    }

    private interface Action {
        void on(TopicAdmin admin) throws Exception;
    }

    private void inTheDirectory(Action action) throws Exception {
        try (DataDirectory directory = DataDirectory.open(data, "movies");
                EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0));
                TopicAdmin admin = new TopicAdmin(KafkaSettings.of(broker.bootstrapServers()))) {
            action.on(admin);
        }
    }

    private void delete(Topic topic) throws Exception {
        try (DataDirectory directory = DataDirectory.open(data, "movies");
                EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0));
                Admin admin =
                        Admin.create(KafkaSettings.of(broker.bootstrapServers()).admin())) {
            admin.deleteTopics(List.of(topic.text())).all().get();
        }
    }

    /** What a command says that must refuse. */
    private static String refused(List<String> command, String... more) {
        StringWriter err = new StringWriter();
        String[] arguments = Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
        int exit = Millrace.commandLine(arguments)
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        assertThat(exit).as("%s: %s", command, err).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace: ").doesNotContain("\tat ");
        return err.toString();
    }

    @Test
    void whoeverLooksCreatesNoTopic() throws Exception {
        delete(Topic.NAMES);
        for (List<String> command : LOOKING.subList(0, 3)) {
            assertThat(refused(command, "--dir", data.toString()))
                    .as("%s", command)
                    .contains("data directory " + data + ", topics: without names (expected: all topics");
        }
        inTheDirectory(admin -> assertThat(admin.missing()).containsExactly("names"));
    }

    @Test
    void aDirectoryWhoseMetadataLogIsGoneIsNeitherReadNorBegunAnew() throws Exception {
        Files.move(data.resolve("kafka/__cluster_metadata-0"), temporary.resolve("lost"));
        List<String> before = kafka();
        for (List<String> command : LOOKING) {
            assertThat(refused(command, "--dir", data.toString()))
                    .as("%s", command)
                    .contains(
                            "data directory " + data + ": records of ",
                            "does not know these partitions: it was damaged or deleted; nothing was started");
        }
        Path spec = Files.writeString(temporary.resolve("movies.yaml"), SPEC);
        assertThat(refused(
                        List.of("up", "--port", "0", "--kafka-port", "0"),
                        "--spec",
                        spec.toString(),
                        "--data-dir",
                        data.toString()))
                .contains("data directory " + data + ": records of ", "restore the whole directory from a backup");
        assertThat(kafka()).isEqualTo(before);
    }

    @Test
    void aDescriptionThatWasCutToNothingIsSaidInOneSentence() throws Exception {
        Files.write(data.resolve("kafka/meta.properties"), new byte[0]);
        assertThat(refused(List.of("verify"), "--dir", data.toString()))
                .contains("kafka/meta.properties: empty (expected: ")
                .hasLineCount(1);
    }

    private List<String> kafka() throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("kafka"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
