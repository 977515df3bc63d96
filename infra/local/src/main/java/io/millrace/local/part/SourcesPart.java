package io.millrace.local.part;

import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.reader.SourcesApp;
import io.millrace.local.SourceFiles;
import io.millrace.local.StartException;
import io.millrace.serving.http.StatusHttp;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;

/** Who reads the topics of others, in this process. Of several, the last one that was started does. Start and close from one thread. */
public final class SourcesPart {
    private SourcesPart() {}

    /**
     * Starts it, and returns when its health can be asked for.
     *
     * @param folder to which files with schemas are relative
     * @throws DeploymentException if the brokers do not let it in, or not do all that it does, or its topics would lose records
     */
    public static RunningPart start(PipelineSpec spec, Path folder, Deployment deployment, String host, int port)
            throws StartException, DeploymentException, InterruptedException {
        Listen listen = Listen.of(host, port, deployment.token());
        if (spec.sources().isEmpty()) {
            throw new StartException(Problem.missing("sources", "in the spec, topics of others; docs/sources.md")
                    .toString());
        }
        PartAccess.check(deployment.kafka(), Part.SOURCES);
        Duration retention =
                TopicPlan.retention(spec.feedback().window(), spec.feedback().late());
        new TopicCheck(Part.SOURCES, retention, Duration.ZERO).run(deployment.kafka());
        SchemaTopic.publish(deployment.kafka());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SourcesApp app = new SourceFiles(folder, deployment.registry(), deployment.clusters())
                .start(spec, deployment.kafka(), registry);
        ServerBuilder builder = listen.builder();
        builder.route().get("/health").build(StatusHttp.live());
        builder.route().get("/metrics").build(StatusHttp.metrics(registry));
        return listen.start(builder, app::close);
    }
}
