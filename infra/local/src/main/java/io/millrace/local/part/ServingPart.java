package io.millrace.local.part;

import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.serving.ServingApp;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** Serving in this process. Several may run side by side. Start and close from one thread. */
public final class ServingPart {
    private ServingPart() {}

    /**
     * Starts it, and returns when it answers; a model may come later.
     *
     * @throws DeploymentException if the brokers do not let it in, or not do all that it does, or its topics would lose records
     */
    public static RunningPart start(PipelineSpec spec, Deployment deployment, String host, int port)
            throws StartException, DeploymentException, InterruptedException {
        Listen listen = Listen.of(host, port, deployment.token());
        URI store = deployment
                .store()
                .orElseThrow(() -> new StartException(Problem.missing("store", "a URI like file:///var/lib/millrace")
                        .toString()));
        byte[] secret = deployment
                .secret()
                .orElseThrow(() -> new StartException(
                        Problem.missing("secret", "at least 16 bytes in hex, the same for all serving processes")
                                .toString()));
        PartAccess.check(deployment.kafka(), Part.SERVING);
        Duration retention =
                TopicPlan.retention(spec.feedback().window(), spec.feedback().late());
        new TopicCheck(Part.SERVING, retention, Duration.ZERO).run(deployment.kafka());
        SchemaTopic.publish(deployment.kafka());
        ServingApp app = ServingApp.start(
                spec,
                deployment.kafka(),
                SnapshotStore.of(store),
                secret,
                deployment.featuresMemory().orElseGet(ServingApp::defaultFeatureBytes),
                Clock.systemUTC(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        ServerBuilder builder = listen.builder();
        app.mount(builder);
        return listen.start(builder, app::close);
    }
}
