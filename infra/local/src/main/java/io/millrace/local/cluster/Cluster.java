package io.millrace.local.cluster;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.KeptLog;
import io.millrace.local.SourceTopics;
import io.millrace.local.StartControl;
import io.millrace.local.StartException;
import io.millrace.local.cluster.Member.Kind;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of processes, by its directory. One thread starts and stops: {@link #up}, {@link #settleJobs}, {@link #down}, {@link #start},
 * {@link #stop}, and {@link #close} after all else. What asks how it is, {@link #signal} and {@link #kill} may be called by any, also
 * meanwhile.
 */
public final class Cluster implements AutoCloseable {
    /** Serving follows one. */
    private static final int SHARDS = 1;

    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(20);
    /** The last brokers wait for others to take over; a log that was not closed is looked through at the next start. */
    private static final Duration BROKER_STOP = Duration.ofSeconds(6);

    private static final long LOOK_AGAIN_MS = 100;

    private final ClusterDirectory directory;
    private final @Nullable Wanted wanted;
    private final Starter starter;
    private final Members members;
    private final FlinkJobs flink;
    private final Readiness readiness;

    /**
     * How a process is.
     *
     * @param pid 0 where there is none
     * @param port 0 where it listens on none that others need
     */
    public record State(
            String name,
            long pid,
            int port,
            boolean isReady,
            @Nullable Duration up) {}

    /**
     * How large a new cluster is to be.
     *
     * @param isGated whether collector and serving reach the brokers by ports that somebody else must forward
     */
    public record Size(int brokers, int taskManagers, boolean isGated) {}

    /** What the next start is asked to take, beside what the directory has. */
    private record Wanted(String text, PipelineSpec spec, Path folder) {}

    private Cluster(ClusterDirectory directory) {
        this(directory, null, new Processes(directory));
    }

    private Cluster(ClusterDirectory directory, @Nullable Wanted wanted, Starter starter) {
        this.directory = directory;
        this.wanted = wanted;
        this.starter = starter;
        this.members = new Members(directory);
        this.flink = new FlinkJobs(directory);
        this.readiness = new Readiness(directory, flink);
    }

    /**
     * The cluster of a directory, which is made where there is none. Nothing is started, and in one that is there nothing changed.
     *
     * @param specText of the pipeline, if the caller names one: what {@link #up} takes, if it can
     * @param source the file that it is from, in whose folder the files are that it names
     * @throws StartException if the directory is another pipeline's, or nothing that a cluster can be in
     */
    public static Cluster of(Path path, Optional<String> specText, String source, Size size) throws StartException {
        if (!ClusterDirectory.exists(path)) {
            String text = specText.orElseThrow(() -> new StartException(
                    Problem.missing("--spec", "the pipeline of a new cluster").toString()));
            PipelineSpec spec = SpecReader.read(text, source);
            ClusterPlan plan = ClusterPlan.choose(spec.pipeline(), size.brokers(), size.taskManagers(), size.isGated());
            ClusterDirectory made = ClusterDirectory.create(path, text, plan);
            made.takeSchemas(spec, folder(source));
            return new Cluster(made);
        }
        ClusterDirectory directory = ClusterDirectory.open(path);
        if (specText.isPresent()) {
            Wanted wanted = new Wanted(specText.get(), SpecReader.read(specText.get(), source), folder(source));
            String pipeline = wanted.spec().pipeline();
            if (!pipeline.equals(directory.plan().pipeline())) {
                throw new StartException(new Problem(
                                "pipeline of " + source,
                                pipeline,
                                directory.plan().pipeline() + ", whose cluster is in " + directory.path())
                        .toString());
            }
            return new Cluster(directory, wanted, new Processes(directory));
        }
        return new Cluster(directory);
    }

    private static Path folder(String source) {
        return Objects.requireNonNull(Path.of(source).toAbsolutePath().getParent());
    }

    /**
     * A new cluster whose members are threads of this process: for a moment only, since nothing ends them but the end of the
     * process.
     *
     * @throws StartException if the directory is not empty
     */
    public static Cluster inThisProcess(Path path, String specText, Size size) throws StartException {
        String pipeline = SpecReader.read(specText, "test").pipeline();
        ClusterPlan plan = ClusterPlan.choose(pipeline, size.brokers(), size.taskManagers(), size.isGated());
        return new Cluster(ClusterDirectory.create(path, specText, plan), null, new Threads());
    }

    /**
     * The cluster of a directory that holds one.
     *
     * @throws StartException if it does not
     */
    public static Cluster of(Path path) throws StartException {
        return new Cluster(ClusterDirectory.open(path));
    }

    /**
     * Starts what does not run, and returns when decisions are made with a model. The spec is held against the brokers' log first.
     *
     * @param tell is told, in one sentence each, what is being done
     * @throws StartException if the live model learns by another spec: what was started for the question is stopped again, and the
     *     directory keeps the spec that it had
     */
    public void up(Consumer<String> tell) throws Exception {
        up(tell, Sabotage.NONE);
    }

    /** The same, with a mistake built in. */
    public void up(Consumer<String> tell, Sabotage sabotage) throws Exception {
        PipelineSpec spec = wanted == null ? directory.spec() : wanted.spec();
        KafkaSettings kafka = kafka();
        checkLog();
        members.writeFiles();
        tell.accept("starting " + members.of(Kind.BROKER).size() + " brokers and ZooKeeper");
        List<Member> asked = Stream.concat(members.of(Kind.BROKER).stream(), members.of(Kind.ZOOKEEPER).stream())
                .filter(member -> !process(member).isAlive())
                .toList();
        start(asked);
        awaitReady(members.of(Kind.BROKER));
        awaitReady(members.of(Kind.ZOOKEEPER));
        try {
            check(spec, kafka);
        } catch (StartException | SpecException e) {
            stop(asked, BROKER_STOP, tell);
            throw e;
        }
        if (wanted != null) {
            directory.takeSchemas(spec, wanted.folder());
            directory.replaceSpec(wanted.text());
        }
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            admin.createMissing(new TopicPlan(
                    SHARDS,
                    directory.brokers().replication(),
                    TopicPlan.retention(
                            spec.feedback().window(), spec.feedback().late())));
        }
        SchemaTopic.publish(kafka);
        tell.accept("starting Flink: a job manager and "
                + members.of(Kind.TASK_MANAGER).size() + " task managers");
        start(members.of(Kind.JOB_MANAGER));
        start(members.of(Kind.TASK_MANAGER));
        awaitReady(members.of(Kind.JOB_MANAGER));
        awaitReady(members.of(Kind.TASK_MANAGER));
        tell.accept("submitting the jobs; starting the collector and "
                + members.of(Kind.SERVING).size() + " serving processes");
        start(members.of(Kind.COLLECTOR));
        start(members.of(Kind.SERVING));
        await("jobs submitted", () -> {
            flink.submit(spec, kafka, sabotage);
            return true;
        });
        await("jobs running", flink::areRunning);
        awaitReady(members.of(Kind.COLLECTOR));
        awaitReady(members.of(Kind.SERVING));
        if (!spec.sources().isEmpty()) {
            tell.accept("starting the reader of " + spec.sources().size() + " sources");
            SourceTopics.createMissing(
                    kafka, spec.sources(), directory.brokers().replication());
            start(members.of(Kind.SOURCES));
            awaitReady(members.of(Kind.SOURCES));
        }
    }

    /** Topics that are not there have nothing to say against a spec. */
    private static void check(PipelineSpec spec, KafkaSettings kafka) throws StartException, InterruptedException {
        boolean isNew;
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            isNew = admin.missing().contains(kafka.name(Topic.MODEL_CONTROL));
        }
        if (!isNew) {
            StartControl.check(kafka, spec);
        }
    }

    /** Where a broker runs, its log is as it has to be. */
    private void checkLog() throws StartException, IOException {
        List<Member> brokers = members.of(Kind.BROKER);
        if (brokers.stream().noneMatch(broker -> process(broker).isAlive())) {
            List<Path> logs = new ArrayList<>();
            for (int id = 1; id <= brokers.size(); id++) {
                logs.add(directory.node(id).directory());
            }
            KeptLog.check("cluster directory " + path(), logs, directory.models(), directory.checkpoints());
        }
    }

    /** Has the jobs be those that the operator wants; the cluster is up. */
    public void settleJobs() throws Exception {
        flink.settle(directory.spec(), kafka());
    }

    /** Whether a directory holds a cluster. */
    public static boolean isIn(Path path) {
        return ClusterDirectory.exists(path);
    }

    /** Stops all processes, the last to be started first. */
    public void down(Consumer<String> tell) throws IOException, InterruptedException {
        for (Kind kind : List.of(
                Kind.SOURCES,
                Kind.SERVING,
                Kind.COLLECTOR,
                Kind.TASK_MANAGER,
                Kind.JOB_MANAGER,
                Kind.BROKER,
                Kind.ZOOKEEPER)) {
            List<Member> alive = members.of(kind).stream()
                    .filter(member -> process(member).isAlive())
                    .toList();
            stop(alive, kind == Kind.BROKER ? BROKER_STOP : STOP, tell);
        }
    }

    private void stop(List<Member> alive, Duration patience, Consumer<String> tell)
            throws IOException, InterruptedException {
        for (Member member : alive) {
            process(member).signal(MemberProcess.Signal.CONT);
            process(member).signal(MemberProcess.Signal.TERM);
        }
        for (Member member : alive) {
            process(member).stop(patience);
            tell.accept("stopped " + member.name());
        }
    }

    /** Ends all processes at once. */
    public void kill() {
        for (Member member : members.all()) {
            process(member).handle().ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** How every process is that is there, or should be. */
    public List<State> states() throws InterruptedException, StartException {
        List<State> states = new ArrayList<>();
        boolean hasSources = !directory.spec().sources().isEmpty();
        for (Member member : members.all()) {
            Optional<ProcessHandle> handle = process(member).handle();
            if (member.kind() == Kind.SOURCES && !hasSources && handle.isEmpty()) {
                continue;
            }
            states.add(new State(
                    member.name(),
                    handle.map(ProcessHandle::pid).orElse(0L),
                    member.port(),
                    handle.isPresent() && isReady(member),
                    handle.flatMap(found -> found.info().startInstant())
                            .map(since -> Duration.between(since, Instant.now()))
                            .orElse(null)));
        }
        return states;
    }

    /** Whether all tasks of both jobs run. */
    public boolean areJobsRunning() throws InterruptedException {
        try {
            return flink.areRunning();
        } catch (IOException e) {
            return false;
        }
    }

    public Path path() {
        return directory.path();
    }

    /** How the cluster's brokers are reached. */
    public KafkaSettings kafka() {
        return KafkaSettings.of(directory.brokers().bootstrapServers());
    }

    public PipelineSpec spec() throws StartException {
        return directory.spec();
    }

    /** Where its base snapshots are. */
    public URI store() {
        return directory.store();
    }

    public URI collector() {
        return loopback(directory.plan().collector());
    }

    public List<URI> serving() {
        return directory.plan().serving().stream().map(Cluster::loopback).toList();
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Ports of the doors, each with the gate that it leads to; empty in a usual cluster. */
    public Map<Integer, Integer> gates() {
        Map<Integer, Integer> gates = new TreeMap<>();
        for (int i = 0; i < directory.plan().gates().size(); i++) {
            gates.put(directory.plan().doors().get(i), directory.plan().gates().get(i));
        }
        return gates;
    }

    /** The names of all processes of a kind. */
    public List<String> names(Member.Kind kind) {
        return members.of(kind).stream().map(Member::name).toList();
    }

    /** Whether a process does its work, as those see it who need it. */
    public boolean isReady(String name) throws InterruptedException, StartException {
        Member member = members.named(name);
        return process(member).isAlive() && isReady(member);
    }

    /** Starts a process, if it is not there. */
    public void start(String name) throws IOException, StartException {
        start(List.of(members.named(name)));
    }

    /** Asks a process to end, and waits for that. */
    public void stop(String name) throws IOException, InterruptedException, StartException {
        process(members.named(name)).stop(BROKER_STOP);
    }

    /** Sends a process a signal; returns whether there was one. */
    public boolean signal(String name, MemberProcess.Signal signal)
            throws IOException, InterruptedException, StartException {
        return process(members.named(name)).signal(signal);
    }

    private boolean isReady(Member member) throws InterruptedException {
        return readiness.isReady(member, process(member).launched());
    }

    private MemberProcess process(Member member) {
        return new MemberProcess(directory, member);
    }

    private void start(List<Member> some) throws IOException {
        for (Member member : some) {
            starter.start(member);
        }
    }

    private void awaitReady(List<Member> some) throws Exception {
        for (Member member : some) {
            await(member.name() + " ready", () -> {
                if (!starter.isAlive(member)) {
                    throw new StartException(member.name() + ": ended while it started (expected: to stay; see "
                            + directory.logs(member.name()) + ")" + lastWords(member));
                }
                return isReady(member);
            });
        }
    }

    private String lastWords(Member member) {
        try {
            List<String> lines =
                    Files.readAllLines(directory.logs(member.name()).resolve("out"));
            return lines.isEmpty() ? "" : "; it said: " + lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (StartException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
        throw new StartException(
                what + ": not within " + START.toSeconds() + " s (expected: sooner; see the logs in the directory)"
                        + (last == null ? "" : ": " + last),
                last == null ? new IllegalStateException("timeout") : last);
    }

    @Override
    public void close() {
        readiness.close();
    }
}
