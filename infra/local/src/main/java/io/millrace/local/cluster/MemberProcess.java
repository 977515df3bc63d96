package io.millrace.local.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The process behind a member of a cluster, as its run file names it: by id and start time, since ids are given again. It is
 * nobody's child for long: whoever started it may end.
 */
public final class MemberProcess {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OWN = List.of(
            "-Xmx",
            "-Xms",
            "-XX:TieredStopAtLevel",
            "-XX:+Use",
            "-Dmillrace.logs",
            "-Dlog.file",
            "-javaagent",
            "-agent");
    /** Runs a process in a session of its own, so that it does not end with a terminal. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(10);

    /** Of {@code kill}; stopping and going on are no more than that in Java's own interface. */
    public enum Signal {
        STOP,
        CONT,
        TERM,
        KILL
    }

    /**
     * @param startedMillis as the operating system tells it, of which it may be a second off
     * @param launchedMillis by this clock, before it was started
     */
    private record Run(long pid, long startedMillis, long launchedMillis) {}

    private final ClusterDirectory directory;
    private final Member member;

    MemberProcess(ClusterDirectory directory, Member member) {
        this.directory = directory;
        this.member = member;
    }

    Member member() {
        return member;
    }

    /** The process, if it lives. */
    Optional<ProcessHandle> handle() {
        return run().flatMap(run -> ProcessHandle.of(run.pid())
                .filter(ProcessHandle::isAlive)
                .filter(found -> started(found) == run.startedMillis()));
    }

    /** When it was last started; the beginning of time where it never was. */
    Instant launched() {
        return run().map(run -> Instant.ofEpochMilli(run.launchedMillis())).orElse(Instant.EPOCH);
    }

    private Optional<Run> run() {
        try {
            return Optional.of(JSON.readValue(Files.readString(file()), Run.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean isAlive() {
        return handle().isPresent();
    }

    /**
     * Starts the process, unless it lives.
     *
     * @param environment beside this process's own
     */
    void start(Map<String, String> environment) throws IOException {
        if (isAlive()) {
            return;
        }
        Path logs = Files.createDirectories(directory.logs(member.name()));
        Files.createDirectories(directory.runs());
        File printed = logs.resolve("out").toFile();
        ProcessBuilder builder = new ProcessBuilder(command(logs))
                .directory(directory.path().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(printed));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().putAll(environment);
        long launched = System.currentTimeMillis();
        Process process = builder.start();
        Path unfinished = directory.runs().resolve(member.name() + ".part");
        Run run = new Run(process.pid(), started(process.toHandle()), launched);
        Files.writeString(unfinished, JSON.writeValueAsString(run) + "\n");
        Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> command(Path logs) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Predicate<String> isOwn = argument -> OWN.stream().anyMatch(argument::startsWith);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(isOwn.negate())
                .forEach(command::add);
        command.add("-Xmx" + member.heapMegabytes() + "m");
        // A dozen processes on few cores: what they are saved in compiling and collecting threads, they have for their
        // work.
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dmillrace.logs=" + logs);
        command.add("-Dlog.file=" + logs.resolve("millrace.log"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(member.main());
        return command;
    }

    /** Sends a signal; returns whether there was a process to send it to. */
    boolean signal(Signal signal) throws IOException, InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isEmpty()) {
            return false;
        }
        Process kill = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(handle.get().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!kill.waitFor(SIGNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("kill -" + signal + " of " + member.name() + " does not end");
        }
        if (signal == Signal.KILL) {
            awaitEnd(handle.get(), SIGNAL_PATIENCE);
        }
        return kill.exitValue() == 0;
    }

    /** Asks it to end; what has not done so in time is ended. */
    void stop(Duration patience) throws IOException, InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isPresent() && signal(Signal.TERM) && !awaitEnd(handle.get(), patience)) {
            signal(Signal.KILL);
        }
        Files.deleteIfExists(file());
    }

    private static boolean awaitEnd(ProcessHandle handle, Duration patience) throws InterruptedException {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static long started(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private Path file() {
        return directory.runs().resolve(member.name() + ".json");
    }
}
