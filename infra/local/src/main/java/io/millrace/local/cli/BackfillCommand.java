package io.millrace.local.cli;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.features.job.AggregateJob;
import io.millrace.features.job.Handover;
import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistoryException;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.DataDirectory;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.StartException;
import io.millrace.local.backfill.Backfill;
import io.millrace.local.backfill.FileCount;
import io.millrace.local.backfill.HistoryInput;
import io.millrace.local.backfill.Preparation;
import io.millrace.local.backfill.Preparation.Prepared;
import io.millrace.local.backfill.WorkDirectory;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        description = {
            "Computes streaming features anew: from files until a time, from then on from topics; docs/features.md.",
            "All features of the spec begin anew, and 'millrace up' on the same directory goes on from there. With --prepare, the files",
            "are only made ready, for a cluster's job to begin with."
        },
        footer = {
            "",
            "Example:",
            "  millrace backfill --spec shop.yaml --from sales-2025.ndjson.gz --to 2026-01-01T00:00:00Z --data-dir data"
        })
final class BackfillCommand implements Callable<Integer> {
    /** How far before their end the newest of files may be without a gap. */
    private static final Duration QUIET = Duration.ofHours(1);

    @Spec
    private CommandSpec command;

    @Option(names = "--spec", paramLabel = "FILE", required = true, description = "The pipeline; docs/spec.md.")
    private Path spec;

    @ArgGroup(exclusive = false, multiplicity = "1..*")
    private List<HistoryFlags> from;

    @Option(
            names = "--to",
            paramLabel = "TIMESTAMP",
            required = true,
            description = "What happened before counts from files, what happened then or later from topics.")
    private String to;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "That of 'millrace up', which must not run (default: ${DEFAULT-VALUE}).")
    private Path dataDirectory;

    @Option(
            names = "--prepare",
            paramLabel = "DIR",
            description = {
                "Writes the history there and ends; brokers as --config says.",
                "Then: FeaturesMain --history DIR --to TIMESTAMP."
            })
    private @Nullable Path prepare;

    @Mixin
    private DeploymentFlags deployment;

    @Option(
            names = "--allow-gap",
            description = "Even where files end more than an hour before --to, or topics have lost what came after it.")
    private boolean allowGap;

    @Override
    public Integer call() throws Exception {
        PipelineSpec pipeline = SpecFile.read("--spec", spec);
        if (!AggregateJob.isNeeded(pipeline)) {
            throw new StartException(
                    new Problem(spec + ": features", "none", "at least one feature to compute").toString());
        }
        Instant until = until();
        List<HistoryInput> inputs = new ArrayList<>();
        for (HistoryFlags flags : from) {
            inputs.add(flags.input());
        }
        return prepare == null ? run(pipeline, inputs, until) : prepareOnly(pipeline, inputs, until, prepare);
    }

    private Instant until() throws StartException {
        Instant until;
        try {
            until = OffsetDateTime.parse(to).toInstant();
        } catch (DateTimeException e) {
            throw new StartException(new Problem("--to", to, "RFC 3339 like 2026-01-01T00:00:00Z").toString(), e);
        }
        if (until.getNano() % 1_000_000 != 0) {
            throw new StartException(new Problem("--to", to, "whole milliseconds").toString());
        }
        Instant now = Clock.systemUTC().instant();
        if (until.isAfter(now)) {
            throw new StartException(new Problem("--to", to, "not in the future; it is " + now).toString());
        }
        return until;
    }

    private int prepareOnly(PipelineSpec pipeline, List<HistoryInput> inputs, Instant until, Path directory)
            throws Exception {
        KafkaSettings kafka = deployment.read().kafka();
        long begin = System.nanoTime();
        Prepared prepared = prepared(pipeline, inputs, until, kafka, WorkDirectory.empty("--prepare", directory));
        checkTopics(
                kafka, new History(prepared.files(), until, prepared.newest().keySet()));
        tellFiles(prepared, begin);
        command.commandLine()
                .getOut()
                .println(
                        "next: FeaturesMain --history " + directory + " --to " + until + " beside --spec and --config");
        return 0;
    }

    private int run(PipelineSpec pipeline, List<HistoryInput> inputs, Instant until) throws Exception {
        if (deployment.isGiven()) {
            throw new StartException(new Problem(
                            "--config, --kafka, --topics-prefix, --store",
                            "without --prepare",
                            "none: the broker is that of --data-dir; for others, --prepare DIR")
                    .toString());
        }
        long begin = System.nanoTime();
        try (DataDirectory directory = DataDirectory.open(dataDirectory, pipeline.pipeline())) {
            Logs.to(directory);
            WorkDirectory work = WorkDirectory.open(directory.backfill(), directory.checkpoints());
            try (EmbeddedBroker broker = directory.startBroker(LoopbackPorts.choose(0, 0))) {
                KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
                try (TopicAdmin admin = new TopicAdmin(kafka)) {
                    admin.createMissing(new TopicPlan(
                            1,
                            (short) 1,
                            TopicPlan.retention(
                                    pipeline.feedback().window(),
                                    pipeline.feedback().late())));
                }
                SchemaTopic.publish(kafka);
                work.begin();
                Prepared prepared = prepared(pipeline, inputs, until, kafka, work.history());
                History history =
                        new History(prepared.files(), until, prepared.newest().keySet());
                checkTopics(kafka, history);
                tellFiles(prepared, begin);
                work.publishing();
                Backfill.Outcome outcome = new Backfill(kafka, pipeline).run(history, work.path());
                work.install(outcome.state());
                work.end();
                tellJob(outcome, begin);
            }
        }
        return 0;
    }

    private void checkTopics(KafkaSettings kafka, History history) throws StartException {
        try {
            Handover.check(kafka, history);
        } catch (HistoryException e) {
            if (!allowGap) {
                throw new StartException(e.getMessage() + "; --allow-gap goes on without what is missing", e);
            }
            command.commandLine().getErr().println("millrace: warning: " + e.getMessage());
        }
    }

    private Prepared prepared(
            PipelineSpec pipeline, List<HistoryInput> inputs, Instant until, KafkaSettings kafka, Path into)
            throws StartException, IOException {
        Prepared prepared;
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            prepared = Preparation.run(
                    inputs,
                    until,
                    pipeline,
                    into.toUri().toString(),
                    Preparation.to(kafka, producer, Clock.systemUTC()),
                    Clock.systemUTC());
            producer.flush();
        }
        checkFiles(prepared, until);
        return prepared;
    }

    private void checkFiles(Prepared prepared, Instant until) throws StartException {
        List<Problem> gaps = new ArrayList<>();
        String expected = "within an hour before --to, " + until;
        if (prepared.newest().isEmpty()) {
            gaps.add(new Problem("--from: the newest", "nothing before --to", expected));
        }
        new TreeMap<>(prepared.newest()).forEach((topic, newest) -> {
            if (!newest.plus(QUIET).isAfter(until)) {
                gaps.add(new Problem("--from: the newest of " + topic.text(), newest.toString(), expected));
            }
        });
        if (gaps.isEmpty()) {
            return;
        }
        String told = gaps.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        if (!allowGap) {
            throw new StartException(told + "; --allow-gap goes on without what is missing");
        }
        command.commandLine().getErr().println("millrace: warning: " + told);
    }

    private void tellFiles(Prepared prepared, long begin) {
        PrintWriter out = command.commandLine().getOut();
        for (FileCount count : prepared.counts()) {
            out.printf(
                    "%s: %,d read, %,d taken, %,d of --to or later, %,d dead letters",
                    count.file(), count.read(), count.taken(), count.fromEndOn(), count.rejected());
            out.println(
                    count.undeclared() == 0
                            ? ""
                            : String.format(", %,d of kinds that the spec does not declare", count.undeclared()));
        }
        out.printf(
                "files: %,d taken, %,d dead letters, in %,.1f s%n",
                prepared.taken(), prepared.rejected(), seconds(begin));
        out.flush();
    }

    private void tellJob(Backfill.Outcome outcome, long begin) {
        command.commandLine()
                .getOut()
                .printf(
                        "features: %,d entities, %,d observations taken, %,d too old; %,d events sent again, %,d of topics before"
                                + " --to passed over; in %,.1f s%n",
                        outcome.count("entities_begun") - outcome.count("entities_forgotten"),
                        outcome.count("taken"),
                        outcome.count("too_old"),
                        outcome.count("repeated"),
                        outcome.count("passed_over"),
                        seconds(begin));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
