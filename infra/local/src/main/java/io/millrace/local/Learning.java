package io.millrace.local;

import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.trainer.job.LearnJob;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has what the operator wants to be learned run in this process, a job each, and nothing else; it follows what is changed. */
final class Learning implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Learning.class);

    private final FlinkCluster flink;
    private final KafkaSettings kafka;
    private final URI store;
    private final Consumer<String> tell;
    private final Set<String> running = new HashSet<>();
    private long revision = -1;
    private @Nullable Follower follower;

    /** @param tell is told, in one sentence each, what a person at the terminal should know */
    Learning(FlinkCluster flink, KafkaSettings kafka, URI store, Consumer<String> tell) {
        this.flink = flink;
        this.kafka = kafka;
        this.store = store;
        this.tell = tell;
    }

    /** The name of the job that learns a lineage. */
    static String name(String lineage) {
        return LearnJob.NAME + "-" + lineage;
    }

    /** Starts what is wanted, and follows. */
    void begin(ModelControl control) throws Exception {
        apply(control);
        follower = ModelControls.follow(kafka, control.getModel(), this::follow);
    }

    private void follow(Optional<ModelControl> control) {
        try {
            if (control.isPresent()) {
                apply(control.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("lineages could not be started or ended as wanted", e);
            tell.accept("what is learned could not be changed as wanted: " + e.getMessage());
        }
    }

    private synchronized void apply(ModelControl control) throws Exception {
        if (control.getRevision() <= revision) {
            return;
        }
        Set<String> wanted = new HashSet<>();
        for (LineagePlan plan : control.getLineages()) {
            wanted.add(name(plan.getLineage()));
        }
        for (String gone : Set.copyOf(running)) {
            if (!wanted.contains(gone)) {
                flink.cancel(gone);
                running.remove(gone);
            }
        }
        for (LineagePlan plan : control.getLineages()) {
            String name = name(plan.getLineage());
            if (!running.contains(name)) {
                LearnJobSettings settings = Plans.settings(plan, kafka, store);
                StreamExecutionEnvironment environment = flink.environment();
                LearnJob.configure(environment, settings);
                LearnJob.build(environment, kafka, settings);
                flink.submit(name, environment);
                flink.watch(name, tell);
                running.add(name);
            }
        }
        revision = control.getRevision();
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
    }
}
