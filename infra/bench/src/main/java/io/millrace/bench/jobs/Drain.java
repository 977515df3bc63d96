package io.millrace.bench.jobs;

import io.millrace.bench.pipeline.ProcessorTime;
import io.millrace.bench.pipeline.Timeline;
import io.millrace.bench.pipeline.Workplace;
import io.millrace.local.FlinkCluster;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that reads a backlog, in a Flink mini cluster as {@code millrace up} has one, from the beginning until a checkpoint
 * covers all of it.
 */
final class Drain {
    private static final long LOOK_MS = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Workplace workplace;
    private final String name;
    private final String group;
    private final Consumer<StreamExecutionEnvironment> job;
    private final Map<Topic, Backlog.Entry> last;

    /**
     * @param name of the job
     * @param group to which it commits how far it has read
     * @param job adds it to an environment
     * @param last of each topic that it reads, which changes nothing when it comes again. It does, many times: the job says how far it has read
     *     when more comes, and otherwise with seconds of delay
     */
    Drain(
            Workplace workplace,
            String name,
            String group,
            Consumer<StreamExecutionEnvironment> job,
            Map<Topic, Backlog.Entry> last) {
        this.workplace = workplace;
        this.name = name;
        this.group = group;
        this.job = job;
        this.last = Map.copyOf(last);
    }

    /**
     * @param records how many lie there, as many in each topic
     * @param progress is told now and then how far it is
     * @param to what it writes
     */
    Drained run(long records, Consumer<String> progress, Topic... to) throws Exception {
        Path checkpoints = workplace.directory("job").resolve("checkpoints");
        Timeline timeline = new Timeline(System.nanoTime());
        long taken;
        try (FlinkCluster flink = FlinkCluster.start(checkpoints)) {
            StreamExecutionEnvironment environment = flink.environment();
            job.accept(environment);
            flink.submit(name, environment);
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            flink.watch(name, failures::add);
            follow(records, timeline, failures, progress);
            taken = flink.checkpoints(name);
        }
        return new Drained(
                records, timeline.lap(taken, ""), StateSize.newest(checkpoints), TopicSizes.of(workplace.kafka(), to));
    }

    private void follow(long records, Timeline timeline, Queue<String> failures, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (CommittedOffsets committed =
                        new CommittedOffsets(workplace.kafka(), group, records / last.size(), last.keySet());
                Backlog again = new Backlog(workplace.kafka())) {
            long seen = System.nanoTime();
            long told = seen;
            long before = 0;
            long toldAt = 0;
            double busyBefore = 0;
            while (before < records) {
                Thread.sleep(LOOK_MS);
                last.forEach(again::add);
                long now = System.nanoTime();
                long read = committed.sum();
                if (read > before) {
                    timeline.add(read, now, ProcessorTime.seconds());
                    before = read;
                    seen = now;
                }
                if (now - told > TELL_NANOS) {
                    double busy = BusiestTask.seconds();
                    progress.accept(String.format(
                            "%s: %,d of %,d, %,.0f a second, busiest task %.1f us each",
                            name,
                            read,
                            records,
                            (read - toldAt) / ((now - told) / 1e9),
                            (busy - busyBefore) * 1e6 / (read - toldAt)));
                    busyBefore = busy;
                    told = now;
                    toldAt = read;
                }
                if (!failures.isEmpty()) {
                    throw new IllegalStateException(failures.peek());
                }
                if (now - seen > PATIENCE_NANOS) {
                    throw new IllegalStateException(
                            name + ": at " + before + " for 120 s (expected: " + records + " records read)");
                }
            }
        }
    }
}
