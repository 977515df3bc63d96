package io.millrace.local.cli;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.DataDirectory;
import io.millrace.local.IoReasons;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.ModelImport;
import io.millrace.local.StartException;
import io.millrace.local.model.ModelOperator;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "What an operator does to a model; docs/operations.md.",
        subcommands = {
            ModelCommand.Import.class,
            ModelExportCommand.class,
            ModelListCommand.class,
            ModelPinCommand.class,
            ModelPinCommand.Unpin.class,
            ModelFreezeCommand.class,
            ModelFreezeCommand.Thaw.class,
            ModelRebuildCommand.class,
            ModelRollbackCommand.class,
            ModelSwitchCommand.class,
            ModelSwitchCommand.Drop.class
        },
        footer = {
            "",
            "Examples:",
            "  millrace model list --dir data",
            "  millrace model rebuild --without 1200..3400 --kafka 127.0.0.1:9092 --store file:///srv/data/models"
        })
final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(),
                "no command given (expected: one of "
                        + String.join(", ", command.subcommands().keySet()) + ")");
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Has a pipeline's model start from one that 'millrace learn --save' wrote.",
                "The next 'millrace up' on the directory learns on from there, as a lineage whose root it is."
            },
            footer = {
                "",
                "Example:",
                "  millrace learn --data log.csv --label clicked --spec movies.yaml --save saved",
                "  millrace model import saved --spec movies.yaml --data-dir data",
                "  millrace up --spec movies.yaml --data-dir data"
            })
    static final class Import implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "DIR", description = "What --save wrote: spec.yaml and model.base.")
        private Path saved;

        @Option(
                names = "--spec",
                paramLabel = "FILE",
                description = "The pipeline's spec (default: the one in DIR, as it was learned by).")
        private @Nullable Path spec;

        @Option(
                names = "--data-dir",
                required = true,
                paramLabel = "DIR",
                description = "The pipeline's directory; made where there is none. No process may be using it.")
        private Path dataDirectory;

        @Override
        public Integer call() throws Exception {
            Path file = spec == null ? saved.resolve("spec.yaml") : spec;
            PipelineSpec pipeline;
            String yaml;
            try {
                yaml = Files.readString(file);
                pipeline = SpecReader.read(yaml, file.toString());
            } catch (IOException e) {
                throw new StartException("spec " + file + ": " + IoReasons.of(e) + " (expected: a spec in YAML)", e);
            }
            ModelImport model = ModelImport.of(saved.resolve("model.base"), pipeline);
            try (DataDirectory directory = DataDirectory.open(dataDirectory, pipeline.pipeline())) {
                ModelImport.Imported imported =
                        directory.hasLog() ? replace(directory, model, pipeline, yaml) : model.into(directory);
                command.commandLine()
                        .getOut()
                        .println("imported " + imported.digest() + " as the root of " + pipeline.pipeline()
                                + "; it is learned on from at the next start"
                                + (imported.leftOut() == 0
                                        ? ""
                                        : ", without the last " + imported.leftOut()
                                                + " examples, which waited for their mini-batch"));
            }
            return 0;
        }

        /** Where the pipeline has run before, the operator's word counts. */
        private static ModelImport.Imported replace(
                DataDirectory directory, ModelImport model, PipelineSpec pipeline, String yaml) throws Exception {
            LoopbackPorts ports = LoopbackPorts.choose(0, 0);
            try (EmbeddedBroker broker = directory.startBroker(ports)) {
                KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
                try (TopicAdmin admin = new TopicAdmin(kafka)) {
                    admin.createMissing(TopicPlan.small(1));
                }
                ModelImport.Imported imported = model.into(directory);
                LearnJobSettings settings = LearnJobSettings.lookUp(
                                kafka, pipeline, directory.models().toUri())
                        .withSpecText(yaml)
                        .withRoot(ModelImport.root(directory).orElseThrow());
                ModelOperator.replace(
                        kafka, settings, "import", ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
                return imported;
            }
        }
    }
}
