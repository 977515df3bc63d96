package io.millrace.bench.jobs;

import io.millrace.bench.pipeline.Workplace;
import io.millrace.features.job.AggregateJob;
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

/** Twenty aggregates on events that wait for them. */
public final class FeaturesBench {
    private final int users;
    private final int items;
    private final JoinJobSettings settings;
    private final Configuration flink;

    public FeaturesBench(
            int users, int items, int parallelism, Duration checkpointInterval, Map<String, String> flink) {
        this.flink = Configuration.fromMap(flink);
        this.users = users;
        this.items = items;
        this.settings = JoinJobSettings.defaults()
                .withParallelism(parallelism)
                .withCheckpointInterval(checkpointInterval)
                .withTransactionalIdPrefix(AggregateJob.NAME);
    }

    /** Runs it once, on a broker of its own. */
    public Drained run(long events, Consumer<String> progress) throws Exception {
        PipelineSpec spec = SaleBacklog.spec();
        SaleBacklog backlog = new SaleBacklog(users, items);
        try (Workplace workplace = Workplace.open()) {
            KafkaSettings kafka = workplace.kafka();
            progress.accept("writing the backlog");
            try (Backlog written = new Backlog(kafka)) {
                written.write(Topic.EVENTS, events, backlog::event, Backlog.shift(backlog.event(events - 1)));
            }
            Drain drain = new Drain(
                    workplace,
                    AggregateJob.NAME,
                    settings.transactionalIdPrefix(),
                    environment -> {
                        JoinJob.configure(environment, settings);
                        environment.configure(flink);
                        AggregateJob.build(environment, kafka, spec, settings, Clock.systemUTC());
                    },
                    Map.of(Topic.EVENTS, backlog.event(events - 1)));
            return drain.run(events, progress, Topic.FEATURE_VALUES, Topic.DEAD_LETTERS);
        }
    }
}
