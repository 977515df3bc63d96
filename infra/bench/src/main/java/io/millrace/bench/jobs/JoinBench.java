package io.millrace.bench.jobs;

import io.millrace.bench.pipeline.Workplace;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;

/** The join on decisions and feedback that wait for it. */
public final class JoinBench {
    private static final String NAME = "millrace-join";

    private final int slots;
    private final int features;
    private final JoinJobSettings settings;
    private final Configuration flink;

    /**
     * @param slots of each decision
     * @param features of each candidate
     */
    public JoinBench(int slots, int features, int parallelism, Duration checkpointInterval, Map<String, String> flink) {
        this.flink = Configuration.fromMap(flink);
        this.slots = slots;
        this.features = features;
        this.settings =
                JoinJobSettings.defaults().withParallelism(parallelism).withCheckpointInterval(checkpointInterval);
    }

    /** Runs it once, on a broker of its own. */
    public Drained run(long decisions, Consumer<String> progress) throws Exception {
        PipelineSpec spec = DecisionBacklog.spec(features, "1m");
        DecisionBacklog backlog = new DecisionBacklog(spec, slots);
        try (Workplace workplace = Workplace.open()) {
            KafkaSettings kafka = workplace.kafka();
            progress.accept("writing the backlog");
            try (Backlog written = new Backlog(kafka)) {
                Duration shift = Backlog.shift(backlog.feedback(decisions - 1));
                written.write(Topic.DECISIONS, decisions, backlog::decision, shift);
                written.write(Topic.FEEDBACK, decisions, backlog::feedback, shift);
            }
            Drain drain = new Drain(
                    workplace,
                    NAME,
                    settings.transactionalIdPrefix(),
                    environment -> {
                        JoinJob.configure(environment, settings);
                        environment.configure(flink);
                        JoinJob.build(environment, kafka, spec.feedback(), settings, Clock.systemUTC());
                    },
                    Map.of(
                            Topic.DECISIONS, backlog.decision(decisions - 1),
                            Topic.FEEDBACK, backlog.feedback(decisions - 1)));
            return drain.run(2 * decisions, progress, Topic.EXAMPLES, Topic.OUTCOMES, Topic.DEAD_LETTERS);
        }
    }
}
