package io.millrace.local.demo;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.LocalPipeline;
import io.millrace.local.StartException;
import io.millrace.trainer.snapshot.ModelSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One run: an audience before a running pipeline, watched, measured and summed up. */
public final class Demo {
    /** How long the loop may take, after the last feedback, to learn from it. */
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private static final int STRONGEST = 12;
    private static final int SEEN_AT_LEAST = 50;

    private final PipelineSpec spec;
    private final LocalPipeline pipeline;
    private final Audience audience;

    /** What came of it. */
    public record Result(DemoReport report, Statistics statistics, List<Summary.Weight> weights) {}

    public Demo(PipelineSpec spec, LocalPipeline pipeline, Audience audience) {
        this.spec = spec;
        this.pipeline = pipeline;
        this.audience = audience;
    }

    /**
     * Makes the decisions and waits until the loop has learned from all feedback.
     *
     * @param rate decisions a second; 0 for as fast as they are answered
     * @param progress is told a line once a second
     * @throws StartException if the directory holds more decisions already
     */
    public Result run(long decisions, double rate, Consumer<String> progress)
            throws InterruptedException, StartException {
        long start = System.nanoTime();
        FreshnessMeter freshness = new FreshnessMeter();
        LogReader log = new LogReader(pipeline.kafka());
        ScheduledExecutorService everySecond = Executors.newSingleThreadScheduledExecutor();
        try (LoopClient client = new LoopClient(pipeline.http());
                LoopWatch watch = LoopWatch.start(pipeline.kafka(), freshness)) {
            DemoDriver driver = new DemoDriver(audience, client, log, freshness);
            everySecond.scheduleAtFixedRate(
                    () -> progress.accept(line(driver, watch, freshness, decisions)), 1, 1, TimeUnit.SECONDS);
            driver.run(decisions, rate);
            FreshnessMeter.Freshness fresh = freshness.until(driver.lastDecisionNanos());
            drain(freshness, watch);
            everySecond.shutdownNow();
            double seconds = (System.nanoTime() - start) / 1e9;
            ModelSnapshot model = pipeline.model();
            Measured measured = new Measured(
                    driver.feedback(),
                    progressive(watch.progressive()),
                    fresh.all(),
                    fresh.positive(),
                    fresh.negative(),
                    driver.rankLatency(),
                    model(model),
                    seconds);
            return new Result(
                    DemoReport.of(audience, driver.statistics(), measured),
                    driver.statistics(),
                    StrongestWeights.find(spec, log, model, STRONGEST, SEEN_AT_LEAST));
        } finally {
            everySecond.shutdownNow();
        }
    }

    private void drain(FreshnessMeter freshness, LoopWatch watch) {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (System.nanoTime() < end
                && (freshness.unjoined() > 0
                        || pipeline.model().offset() < freshness.awaitedVersion()
                        || watch.progressive().getOrDefault("examples", 0.0)
                                < pipeline.model().examples())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static String line(DemoDriver driver, LoopWatch watch, FreshnessMeter freshness, long decisions) {
        return ProgressLine.of(
                        driver.statistics(),
                        decisions,
                        watch.progressive().getOrDefault("log_loss", Double.NaN),
                        driver.version(),
                        freshness.soFar().p50())
                .toString();
    }

    private static Measured.Progressive progressive(Map<String, Double> values) {
        return new Measured.Progressive(
                values.getOrDefault("examples", 0.0).longValue(),
                values.getOrDefault("log_loss", Double.NaN),
                values.getOrDefault("normalized_entropy", Double.NaN),
                values.getOrDefault("auc", Double.NaN),
                values.getOrDefault("calibration", Double.NaN));
    }

    private static Measured.Model model(ModelSnapshot model) {
        return new Measured.Model(model.lineage(), model.offset(), model.digest(), model.parameters(), model.nonzero());
    }
}
