package io.millrace.local.chaos;

import io.millrace.local.StartException;
import io.millrace.local.cluster.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Asks every process, and Flink whether the jobs run, again and again, on threads of its own. */
final class Probes implements AutoCloseable {
    static final String JOBS = "jobs";

    private static final long PAUSE_MS = 500;

    private final Map<String, Availability> parts = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    private interface Probe {
        boolean isAvailable() throws InterruptedException, StartException;
    }

    Probes(Cluster cluster, List<String> processes) {
        for (String name : processes) {
            start(name, () -> cluster.isReady(name));
        }
        start(JOBS, cluster::areJobsRunning);
    }

    private void start(String part, Probe probe) {
        Availability availability = parts.computeIfAbsent(part, name -> new Availability());
        Thread thread = new Thread(() -> ask(probe, availability), "millrace-probe-" + part);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** A probe that waits for its answer in vain counts for all that time. */
    private static void ask(Probe probe, Availability availability) {
        try {
            while (true) {
                long began = System.nanoTime();
                boolean given = probe.isAvailable();
                if (!given) {
                    availability.tried(began, false);
                }
                availability.tried(System.nanoTime(), given);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Long> unavailableMillis() {
        Map<String, Long> millis = new LinkedHashMap<>();
        parts.keySet().stream()
                .sorted()
                .forEach(part -> millis.put(part, parts.get(part).unavailableMillis()));
        return millis;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
