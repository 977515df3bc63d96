package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Learning as a program that Flink runs: {@code flink run millrace-learn.jar --spec movies.yaml --config millrace.properties}.
 * Where checkpoints go and how often the job restarts is said in Flink's own configuration. From a checkpoint of another
 * lineage the job does not go on: it says which, and fails.
 */
@Command(name = "millrace-learn", description = "Learns from examples and publishes versions of the model.")
public final class LearnMain {
    @Option(names = "--spec", required = true, paramLabel = "FILE", description = "The pipeline.")
    private Path spec;

    @Option(
            names = "--lineage",
            paramLabel = "HEX",
            description =
                    "What to learn, as the topic model-control has it: a model beside the one that --spec alone gives.")
    private @Nullable String lineage;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Deployment settings; variables MILLRACE_* of the environment override them.")
    private @Nullable Path config;

    @Option(names = "--parallelism", paramLabel = "N", defaultValue = "1", description = "Tasks that host shards.")
    private int parallelism;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "Milliseconds; what was learned since is learned again after a failure.")
    private int checkpointMillis;

    private LearnMain() {}

    /** Builds the job and hands it to the cluster that the program was started for. */
    public static void main(String[] args) throws Exception {
        LearnMain given = CommandLine.populateCommand(new LearnMain(), args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(given.parallelism);
        environment.executeAsync(given.build(environment));
    }

    private static LineagePlan plan(KafkaSettings kafka, String model, String lineage) {
        Optional<ModelControl> control = ModelControls.read(kafka, model);
        return control.flatMap(known -> Plans.find(known, lineage))
                .orElseThrow(() -> new IllegalArgumentException(new Problem(
                                "--lineage",
                                lineage,
                                "one of "
                                        + control.map(ModelControl::getLineages).orElse(List.of()).stream()
                                                .map(LineagePlan::getLineage)
                                                .toList())
                        .toString()));
    }

    private String build(StreamExecutionEnvironment environment) throws Exception {
        String yaml = Files.readString(spec);
        PipelineSpec pipeline = SpecReader.read(yaml, spec.toString());
        Deployment deployment = Deployment.read(config, System.getenv(), Map.of());
        URI store = deployment
                .store()
                .orElseThrow(() ->
                        new IllegalArgumentException(Problem.missing("store", "a URI like file:///var/lib/millrace")
                                .toString()));
        PartAccess.check(deployment.kafka(), Part.LEARN);
        Duration retention = TopicPlan.retention(
                pipeline.feedback().window(), pipeline.feedback().late());
        new TopicCheck(Part.LEARN, retention, Duration.ZERO).run(deployment.kafka());
        SchemaTopic.publish(deployment.kafka());
        LearnJobSettings chosen = lineage == null
                ? LearnJobSettings.lookUp(deployment.kafka(), pipeline, store).withSpecText(yaml)
                : Plans.settings(plan(deployment.kafka(), pipeline.pipeline(), lineage), deployment.kafka(), store);
        LearnJobSettings settings = chosen.withCheckpointInterval(Duration.ofMillis(checkpointMillis));
        LearnJob.configure(environment, settings);
        LearnJob.build(environment, deployment.kafka(), settings);
        return LearnJob.NAME + "-" + settings.lineage();
    }
}
