package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code millrace} as a process of its own, with the launcher's JVM options and this build's classes. */
final class TestingMillrace implements AutoCloseable {
    private static final Path JVM_ARGUMENTS = Path.of("src/main/launcher/jvm.args");
    private static final Pattern ADDRESSES = Pattern.compile("at (http://\\S+), Kafka at ([^\\s,]+)");
    private static final Duration START = Duration.ofSeconds(120);

    private final Process process;
    private final Path out;
    private final Path err;

    private TestingMillrace(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts the command with a working directory, in which it leaves what it printed as well. */
    static TestingMillrace start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "@" + JVM_ARGUMENTS.toAbsolutePath(),
                "-Dlog4j2.configurationFile=log4j2.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName()));
        command.addAll(List.of(arguments));
        return run(command, directory, Map.of("OMP_NUM_THREADS", "1"));
    }

    /** Starts a launcher that stands in a directory, as a caller with this environment does. */
    static TestingMillrace launch(Path launcher, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(command, directory, environment);
    }

    private static TestingMillrace run(List<String> command, Path directory, Map<String, String> environment)
            throws IOException {
        Path out = Files.createTempFile(directory, "millrace", ".out");
        Path err = Files.createTempFile(directory, "millrace", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new TestingMillrace(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    /** Waits until it has said where it listens. */
    Addresses awaitStart() {
        Waiting.until(
                "the address", START, () -> process.isAlive() && !addresses().find(), this::err);
        Matcher found = addresses();
        assertThat(found.find()).as(err()).isTrue();
        return new Addresses(URI.create(found.group(1)), KafkaSettings.of(found.group(2)));
    }

    /** Where a running process is reached. */
    record Addresses(URI http, KafkaSettings kafka) {}

    private Matcher addresses() {
        return ADDRESSES.matcher(err());
    }

    /** Waits for its end and returns the exit code. */
    int awaitExit(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("has ended within %s; it said: %s", patience, err())
                .isTrue();
        return process.exitValue();
    }

    /** Asks it to end, as a service manager does. */
    void terminate() {
        process.destroy();
    }

    /** Ends it as {@code kill -9} does, and returns when it is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
