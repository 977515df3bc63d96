package io.millrace.local.cli;

import io.millrace.features.spec.SpecReader;
import io.millrace.local.learn.SavedModel;
import io.millrace.local.verify.SpecText;
import io.millrace.local.verify.Verification;
import io.millrace.local.verify.VerifyReport;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Learns again what was learned, from the log alone, and compares every published version.",
            "Exit code 0 if all is equal, 1 on a difference or a lineage that cannot be learned again; docs/verify.md."
        },
        footer = {
            "",
            "Examples:",
            "  millrace verify --dir data",
            "  millrace verify --kafka broker:9092 --store file:///var/lib/millrace --report report.json",
            "  millrace verify --dir data --at 44995 --save model"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;

    @Spec
    private CommandSpec command;

    @Mixin
    private LogFlags log;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "The pipeline, where there are others or where manifests of an older version do not hold it.")
    private @Nullable Path spec;

    @Option(names = "--live", description = "Passes older lineages over.")
    private boolean live;

    @Option(
            names = "--acknowledged",
            paramLabel = "FILE",
            description = "Feedback ids that were accepted, one a line; after a tab, how often each was posted.")
    private @Nullable Path acknowledged;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes what was found there, as one JSON object.")
    private @Nullable Path report;

    @Option(
            names = "--at",
            paramLabel = "VERSION",
            description = "Learns this version again (an offset) and prints its digest, instead of verifying all.")
    private @Nullable Long at;

    @Option(names = "--shard", paramLabel = "N", defaultValue = "0", description = "With --at: the shard (default: 0).")
    private int shard;

    @Option(
            names = "--lineage",
            paramLabel = "HEX",
            description = "With --at: the lineage, or how it begins (default: the live one).")
    private @Nullable String lineage;

    @Option(
            names = "--save",
            paramLabel = "DIR",
            description = "With --at: writes the model there, as 'millrace learn --save' does.")
    private @Nullable Path save;

    @Override
    public Integer call() throws Exception {
        check();
        return log.with(command, this::verify);
    }

    private void check() {
        if (at == null && (save != null || lineage != null)) {
            throw new ParameterException(
                    command.commandLine(), (save != null ? "--save" : "--lineage") + ": without --at (expected: both)");
        }
        if (at != null && (acknowledged != null || report != null || live)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--at: " + at + " beside --acknowledged, --report or --live (expected: alone)");
        }
    }

    private int verify(KafkaSettings kafka, Optional<URI> store) throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Optional<SpecText> given = Optional.empty();
        if (spec != null) {
            String yaml = SpecFile.text("--spec", spec);
            given = Optional.of(new SpecText(yaml, SpecReader.read(yaml, spec.toString())));
        }
        try (Verification verification =
                new Verification(kafka, store, given, System::nanoTime, line -> err.println("millrace: " + line))) {
            return at == null ? verify(verification, out) : rebuild(verification, at, out);
        }
    }

    private int verify(Verification verification, PrintWriter out) throws Exception {
        VerifyReport found = verification.run(live, Optional.ofNullable(acknowledged));
        out.print(found.text());
        out.flush();
        ReportFile.write(report, found.json());
        return found.isEqual() ? 0 : DIFFERENT;
    }

    private int rebuild(Verification verification, long version, PrintWriter out) throws Exception {
        try (Verification.Rebuilt rebuilt = verification.rebuild(version, shard, Optional.ofNullable(lineage))) {
            ShardLearner learner = rebuilt.learner();
            out.println(rebuilt.model() + ", lineage " + rebuilt.lineage() + ", shard " + shard + ", version " + version
                    + ": digest " + learner.digest() + ", " + learner.examples() + " examples");
            if (save != null) {
                int waiting = SavedModel.write(
                        save, rebuilt.spec().yaml(), rebuilt.spec().spec(), learner);
                out.println("saved in " + save
                        + (waiting == 0 ? "" : "; " + waiting + " examples wait for their mini-batch to be full"));
            }
            out.flush();
        }
        return 0;
    }
}
