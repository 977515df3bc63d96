package io.millrace.local.chaos;

import io.millrace.local.chaos.Fault.Kind;
import io.millrace.local.cluster.Cluster;
import io.millrace.local.cluster.Member;
import io.millrace.local.demo.Audience;
import io.millrace.local.demo.Audiences;
import io.millrace.local.verify.Verification;
import io.millrace.local.verify.VerifyReport;
import io.millrace.trainer.audit.FeedbackLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a cluster, has an audience use it, has faults happen to it, lets it drain, and verifies what it has learned. Used
 * once, by one thread; it stops by itself.
 */
public final class ChaosRun {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);
    private static final String SPEC = "/chaos/simulated.yaml";
    private static final double MICROS_A_MILLI = 1000;

    private final ChaosOptions options;
    private final Consumer<String> tell;
    private final Recoveries recoveries = new Recoveries();
    private final Map<String, Integer> happened = new TreeMap<>();

    /** @param tell is told, in one line each, what happens */
    public ChaosRun(ChaosOptions options, Consumer<String> tell) {
        this.options = options;
        this.tell = tell;
    }

    /** Does it all. The cluster's processes are gone when this returns; its directory stays. */
    public ChaosReport run() throws Exception {
        long begin = System.nanoTime();
        Cluster.Size size = new Cluster.Size(options.brokers(), options.taskManagers(), true);
        Path acknowledged = options.directory().resolve("acknowledged.tsv");
        try (Cluster cluster = Cluster.of(options.directory(), Optional.of(spec()), "the chaos spec", size);
                Faults faults = new Faults(cluster, recoveries, tell)) {
            Thread onStop = new Thread(cluster::kill);
            Runtime.getRuntime().addShutdownHook(onStop);
            try {
                cluster.up(tell, options.sabotage());
                Seen seen = disturb(cluster, faults, acknowledged);
                tell.accept("draining");
                Drained drained = new Drain(cluster.kafka()).await(acknowledged);
                tell.accept("verifying: learning everything again from the log");
                return report(verified(cluster, acknowledged), seen, drained, begin);
            } finally {
                cluster.down(what -> {});
                removeHook(onStop);
            }
        }
    }

    /** Unless the process is ending: then the hook has begun. */
    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.info("told to stop: the cluster's processes are ended");
        }
    }

    private record Seen(
            Histogram calm,
            Histogram chaos,
            Map<String, Long> unavailable,
            long decisions,
            long acknowledged,
            long repeated,
            Path journal) {}

    private Seen disturb(Cluster cluster, Faults faults, Path file) throws Exception {
        Audience audience = Audiences.SIMULATED.open(Optional.empty(), options.seed());
        try (Journal journal = new Journal(file);
                Load load = new Load(audience, cluster.serving(), cluster.collector(), journal)) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(() -> run(load));
            try {
                tell.accept("load of " + options.rate() + " decisions a second; warming up for "
                        + options.phases().warmUp().toSeconds() + " s, then "
                        + options.phases().calm().toSeconds()
                        + " s without faults");
                sleep(options.phases().warmUp());
                load.takeLatency();
                sleep(options.phases().calm());
                Histogram calm = load.takeLatency();
                Histogram chaos;
                Map<String, Long> unavailable;
                try (Probes probes = new Probes(cluster, processes(cluster))) {
                    haveFaults(cluster, faults, running);
                    chaos = load.takeLatency();
                    unavailable = probes.unavailableMillis();
                }
                load.stop();
                running.get(2, TimeUnit.MINUTES);
                unavailable.put("rank", load.rank().unavailableMillis());
                unavailable.put("feedback", load.feedback().unavailableMillis());
                return new Seen(
                        calm, chaos, unavailable, load.decided(), journal.acknowledged(), journal.repeated(), file);
            } finally {
                load.stop();
            }
        }
    }

    private void run(Load load) {
        try {
            load.run(options.rate());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void haveFaults(Cluster cluster, Faults faults, CompletableFuture<Void> running) throws Exception {
        List<List<String>> victims = List.of(
                cluster.names(Member.Kind.TASK_MANAGER),
                cluster.names(Member.Kind.BROKER),
                cluster.names(Member.Kind.COLLECTOR),
                cluster.names(Member.Kind.JOB_MANAGER),
                cluster.names(Member.Kind.SERVING));
        List<Fault> plan = FaultPlan.of(options.seed(), options.kills(), options.span(), victims);
        long begin = System.nanoTime();
        int number = 0;
        for (Fault fault : plan) {
            long due = begin + fault.at().toNanos();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(left);
                checkLoad(running);
            }
            number++;
            tell.accept(String.format(
                    "%3d of %d  after %3d s  %s %s, for %.1f s",
                    number,
                    plan.size(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                    fault.kind().text(),
                    fault.victim(),
                    fault.lasts().toMillis() / 1e3));
            faults.happen(fault);
            happened.merge(fault.kind() == Kind.KILL ? "kill" : fault.kind().text(), 1, Integer::sum);
            checkLoad(running);
        }
    }

    private static void checkLoad(CompletableFuture<Void> running) throws InterruptedException, ExecutionException {
        if (running.isDone()) {
            running.get();
            throw new IllegalStateException("the load ended before the faults did");
        }
    }

    private static List<String> processes(Cluster cluster) {
        List<String> names = new ArrayList<>();
        for (Member.Kind kind : Member.Kind.values()) {
            names.addAll(cluster.names(kind));
        }
        return names;
    }

    private VerifyReport verified(Cluster cluster, Path acknowledged) throws Exception {
        try (Verification verification = new Verification(
                cluster.kafka(), Optional.of(cluster.store()), Optional.empty(), System::nanoTime, tell)) {
            VerifyReport report = verification.run(false, Optional.of(acknowledged));
            tell.accept("verified:\n" + report.text());
            return report;
        }
    }

    private ChaosReport report(VerifyReport verified, Seen seen, Drained drained, long begin) {
        FeedbackLedger.Totals promised = verified.feedback().orElseThrow().totals();
        return new ChaosReport(
                options.seed(),
                options.kills(),
                seen.decisions(),
                seen.acknowledged(),
                seen.repeated(),
                promised.lost(),
                drained.withoutEffect(),
                drained.undecided(),
                promised.duplicated() + promised.effectTwice(),
                verified.log().repeated(),
                verified.isDigestEqual(),
                verified.versions(),
                happened,
                seen.unavailable(),
                recoveries.figures(),
                rank(seen),
                (System.nanoTime() - begin) / 1e9,
                verified.firstDifference().orElse(""));
    }

    private static ChaosReport.Rank rank(Seen seen) {
        return new ChaosReport.Rank(
                millis(seen.calm(), 50),
                millis(seen.calm(), 99),
                millis(seen.chaos(), 50),
                millis(seen.chaos(), 99),
                millis(seen.chaos(), 99) / millis(seen.calm(), 99));
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_A_MILLI;
    }

    static String spec() throws IOException {
        try (InputStream in = ChaosRun.class.getResourceAsStream(SPEC)) {
            if (in == null) {
                throw new IllegalStateException(SPEC + ": missing (expected: on the class path)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }
}
