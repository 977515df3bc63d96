package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Alert;
import io.millrace.record.Severity;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class AlertsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NIGHT = Instant.parse("2030-01-02T03:00:00Z");

    @TempDir
    private static Path directory;

    private TestingKafka kafka;

    @BeforeAll
    void fill() throws Exception {
        kafka = TestingKafka.start(1);
        write(0, Severity.WARNING, "base snapshot of shard 0: full (expected: written)");
        write(60, Severity.CRITICAL, "shard 0, loss: 0.9 (expected: at most 0.8)");
        write(120, Severity.INFO, "shard 0: versions are published again");
    }

    private void write(long seconds, Severity severity, String text) throws Exception {
        long micros = TimeUnit.MILLISECONDS.toMicros(NIGHT.plusSeconds(seconds).toEpochMilli());
        byte[] alert = Codec.of(Alert.class).encode(new Alert("trainer/movies", severity, text, micros));
        new TestingLog(kafka.settings()).write(Topic.ALERTS, new byte[0], alert);
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    void showsAllOfThemTheNewestLast() {
        assertThat(lines())
                .startsWith(
                        "2030-01-02T03:00:00Z  WARNING  trainer/movies: base snapshot of shard 0: full (expected: written)",
                        "2030-01-02T03:01:00Z  CRITICAL  trainer/movies: shard 0, loss: 0.9 (expected: at most 0.8)",
                        "2030-01-02T03:02:00Z  INFO  trainer/movies: shard 0: versions are published again");
    }

    @Test
    void showsThoseThatAreUrgentEnoughAndRecentEnough() {
        assertThat(lines("--severity", "warning", "--since", "2030-01-02T03:01:00Z"))
                .first()
                .asString()
                .contains("CRITICAL");
        assertThat(lines("--since", "2099-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void printsOneObjectALineForPrograms() {
        assertThat(lines("--json", "--severity", "CRITICAL"))
                .startsWith(
                        "{\"time\":\"2030-01-02T03:01:00Z\",\"severity\":\"CRITICAL\",\"series\":\"trainer/movies\","
                                + "\"text\":\"shard 0, loss: 0.9 (expected: at most 0.8)\"}");
    }

    @Test
    void goesOnWithThoseToCome() throws Exception {
        String address = kafka.settings().client().get("bootstrap.servers");
        try (TestingMillrace millrace = TestingMillrace.start(directory, "alerts", "--kafka", address, "--follow")) {
            Waiting.until("what was there", PATIENCE, () -> !millrace.out().contains("published again"), millrace::err);
            write(180, Severity.CRITICAL, "something new");
            Waiting.until("what came", PATIENCE, () -> !millrace.out().contains("something new"), millrace::err);
        }
    }

    @Test
    void aStoppedPipelineCannotBeFollowed() throws Exception {
        try (TestingMillrace millrace = TestingMillrace.start(directory, "alerts", "--dir", "data", "--follow")) {
            assertThat(millrace.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(millrace.err())
                    .startsWith("millrace: --follow: with --dir (expected: brokers that run, by --kafka or --config)");
        }
    }

    private List<String> lines(String... flags) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            String[] arguments = new String[flags.length + 3];
            arguments[0] = "alerts";
            arguments[1] = "--kafka";
            arguments[2] = kafka.settings().client().get("bootstrap.servers");
            System.arraycopy(flags, 0, arguments, 3, flags.length);
            assertThat(Millrace.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
