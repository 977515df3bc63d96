package io.millrace.local.part;

import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.ingestion.collect.CollectorApp;
import io.millrace.ingestion.collect.CollectorLimits;
import io.millrace.local.StartException;
import io.millrace.serving.http.StatusHttp;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import java.time.Clock;

/** The collector in this process. Several may run side by side. Start and close from one thread. */
public final class CollectorPart {
    private CollectorPart() {}

    /**
     * Starts it, and returns when it answers.
     *
     * @param match how feedback may say which decision it is about
     * @throws DeploymentException if the brokers do not let it in, or not do all that it does, or its topics would lose records
     */
    public static RunningPart start(Deployment deployment, FeedbackSpec.Match match, String host, int port)
            throws StartException, DeploymentException, InterruptedException {
        Listen listen = Listen.of(host, port, deployment.token());
        PartAccess.check(deployment.kafka(), Part.COLLECTOR);
        TopicCheck.of(Part.COLLECTOR).run(deployment.kafka());
        SchemaTopic.publish(deployment.kafka());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CollectorLimits limits = deployment
                .backlog()
                .map(CollectorLimits.DEFAULT::withMaxBacklog)
                .orElse(CollectorLimits.DEFAULT);
        CollectorApp app = CollectorApp.start(deployment.kafka(), match, Clock.systemUTC(), registry, limits);
        ServerBuilder builder = listen.builder();
        app.mount(builder);
        builder.route().get("/health").build(StatusHttp.live());
        builder.route().get("/metrics").build(StatusHttp.metrics(registry));
        return listen.start(builder, app::close);
    }
}
