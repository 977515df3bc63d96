package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.trainer.learn.PredictionSink;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One pass over a file: predict, count, learn, save. */
public final class LearnRun {
    private static final String STANDARD_INPUT = "standard input";
    private static final int MOST_DELAY = 100_000_000;

    private final LearnOptions options;
    private final Consumer<String> tell;
    private final LongSupplier nanos;
    private final String file;
    private final BadRows bad;
    private long learnNanos;

    /**
     * @param tell receives what standard error is for, a line at a time, from any thread
     * @param nanos a clock
     */
    public LearnRun(LearnOptions options, Consumer<String> tell, LongSupplier nanos) {
        this.options = options;
        this.tell = tell;
        this.nanos = nanos;
        this.file = options.data().toString().equals("-")
                ? STANDARD_INPUT
                : options.data().toString();
        this.bad = new BadRows(options.skipsBadRows(), tell);
    }

    /**
     * Runs to the end of the file.
     *
     * @throws StartException if the flags are wrong or do not fit the file
     * @throws DataException if the file is wrong, where rows are not skipped
     * @throws DivergedRowException if learning a row made a number that is not finite, where rows are not skipped
     */
    public LearnReport run() throws StartException, InterruptedException {
        Problems problems = check();
        if (DataFile.isStream(options.data())) {
            problems.throwIfAny();
        }
        long start = nanos.getAsLong();
        Table table = open(problems);
        Prepared prepared = prepare(table, problems);
        try (ShardLearner learner = learner(prepared);
                ReadAhead rows = new ReadAhead(
                        table,
                        new ExampleReader(prepared.rows(), prepared.reading(), bad, options.limit()),
                        prepared.spec().featureSet())) {
            return run(prepared, learner, rows, start);
        }
    }

    private Table open(Problems problems) throws StartException {
        try {
            return DataFile.open(options.data(), options.format());
        } catch (DataException e) {
            throw problems.with(e);
        }
    }

    private Prepared prepare(Table table, Problems problems) throws StartException {
        try {
            return Prepared.of(options, table, file, problems, tell);
        } catch (DataException e) {
            table.close();
            throw problems.with(e);
        } catch (StartException | RuntimeException e) {
            table.close();
            throw e;
        }
    }

    private LearnReport run(Prepared prepared, ShardLearner learner, ReadAhead rows, long start)
            throws StartException, InterruptedException {
        Tally tally = new Tally(prepared.spec().model().loss());
        Validation validation;
        try (PredictionFile predictions =
                options.predictions() == null ? null : new PredictionFile(options.predictions())) {
            validation = new Validation(
                    learner,
                    new FeatureVector(prepared.spec().featureSet()),
                    options.delay(),
                    sink(tally, predictions),
                    this::rejected);
            learn(rows, validation, tally);
            requireExamples(tally);
            if (predictions != null) {
                predictions.finish();
            }
        } catch (PredictionFile.UnwritableException e) {
            throw unwritable("--predictions", options.predictions(), e.getCause());
        } catch (IOException e) {
            throw unwritable("--predictions", options.predictions(), e);
        }
        double wall = (nanos.getAsLong() - start) / 1e9;
        if (options.save() != null) {
            int waiting = SavedModel.write(
                    options.save(),
                    prepared.yaml(),
                    prepared.spec(),
                    learner,
                    prepared.reading().lags());
            tell.accept("saved in " + options.save()
                    + (waiting == 0
                            ? ""
                            : "; "
                                    + (waiting == 1
                                            ? "the last example waits"
                                            : "the last " + waiting + " examples wait")
                                    + " there for the mini-batch to be full"));
        }
        LearnReport report = report(prepared, learner, tally, validation, wall);
        if (options.report() != null) {
            write(options.report(), report.json());
        }
        return report;
    }

    private void requireExamples(Tally tally) throws StartException {
        if (tally.progress().examples() + tally.unlabelled() == 0) {
            throw new StartException(new Problem(
                            file, LearnSummary.count(bad.skipped(), "row") + ", all skipped", "at least one example")
                    .toString());
        }
    }

    private ShardLearner learner(Prepared prepared) throws StartException {
        SavedModel from = prepared.from();
        if (from == null) {
            ShardLearner learner = new ShardLearner(prepared.spec(), Lineage.of(prepared.spec(), file, 1, null), 0);
            if (options.weights() != null) {
                start(learner, options.weights(), prepared.spec());
            }
            return learner;
        }
        ShardLearner learner = from.learner(prepared.spec());
        if (from.waiting() > 0 && learner.offset() == 0) {
            tell.accept("left out: " + LearnSummary.count(from.waiting(), "example")
                    + " that waited for the mini-batch to be full");
        }
        tell.accept(
                learner.offset() > 0
                        ? "goes on after " + LearnSummary.count(learner.examples(), "example")
                        : "starts with the weights of another model");
        return learner;
    }

    private void start(ShardLearner learner, Path weights, PipelineSpec spec) throws StartException {
        try {
            tell.accept(StartWeights.read(weights, spec, learner));
        } catch (StartException | RuntimeException e) {
            learner.close();
            throw e;
        }
    }

    private static PredictionSink sink(Tally tally, @Nullable PredictionFile predictions) {
        return (row, prediction, label, importance) -> {
            if (Double.isNaN(label)) {
                tally.addUnlabelled();
            } else {
                tally.add(prediction, label, importance);
            }
            if (predictions != null) {
                predictions.predicted(row, prediction, label, importance);
            }
        };
    }

    private void learn(ReadAhead rows, Validation validation, Tally tally) throws InterruptedException {
        RunningLine line = new RunningLine(tally.isLogistic() ? "log-loss" : "loss", nanos.getAsLong(), tell);
        for (boolean isLast = false; !isLast; ) {
            Batch batch = rows.take();
            long before = nanos.getAsLong();
            validation.accept(batch);
            isLast = batch.isLast();
            RuntimeException failure = batch.failure();
            if (failure != null) {
                throw failure;
            }
            if (isLast) {
                validation.end();
            }
            long now = nanos.getAsLong();
            learnNanos += now - before;
            rows.recycle(batch);
            line.at(now, tally);
        }
    }

    private void rejected(long line, String of, Problem problem, long rows) {
        DivergedRowException diverged = new DivergedRowException(file, line, problem, of);
        if (!options.skipsBadRows()) {
            throw diverged;
        }
        bad.add(
                new DataException(new Problem(
                        file + ", line " + line + ", " + problem.name(),
                        problem.value(),
                        problem.expected() + "; " + of)),
                rows);
    }

    private LearnReport report(
            Prepared prepared, ShardLearner learner, Tally tally, Validation validation, double wall) {
        return new LearnReport(
                file,
                prepared.label(),
                prepared.spec().model(),
                tally.progress().examples(),
                bad.skipped(),
                tally.unlabelled(),
                validation.meanElements(),
                LearnReport.Figures.of(tally),
                tally.secondHalfLoss(),
                learner.figures(),
                validation.learned() * 1e9 / learnNanos,
                wall,
                learner.digest());
    }

    /** Everything that is wrong with the flags alone. */
    private Problems check() {
        Problems problems = new Problems();
        problems.addAll(options.model().problems());
        if (options.spec() != null) {
            List<String> flags = Prepared.flagsBesideSpec(options).toList();
            if (!flags.isEmpty()) {
                problems.add(new Problem(
                        "--spec", "given with " + String.join(", ", flags), "the spec says it all, or flags do"));
            }
        }
        if (options.weights() != null && options.from() != null) {
            problems.add(new Problem("--weights", "given with --from", "one of them: a saved model has its weights"));
        }
        if (options.limit() < 1) {
            problems.add(new Problem("--limit", Long.toString(options.limit()), "at least 1"));
        }
        if (options.delay() < 0 || options.delay() > MOST_DELAY) {
            problems.add(new Problem("--delay", Integer.toString(options.delay()), "0 to " + MOST_DELAY));
        }
        problems.check(() -> Lags.check(options.features().lags()));
        requireFile("--report", options.report(), problems);
        requireFile("--predictions", options.predictions(), problems);
        if (options.save() != null && Files.exists(options.save()) && !Files.isDirectory(options.save())) {
            problems.add(new Problem("--save", options.save().toString(), "a directory"));
        }
        problems.check(() -> Outputs.check(options));
        return problems;
    }

    private static void requireFile(String flag, @Nullable Path path, Problems problems) {
        if (path != null
                && (Files.isDirectory(path)
                        || !Files.isDirectory(path.toAbsolutePath().getParent()))) {
            problems.add(new Problem(flag, path.toString(), "a file in a directory that exists"));
        }
    }

    private static void write(Path path, String json) throws StartException {
        try {
            Outputs.write(path, json + "\n");
        } catch (IOException e) {
            throw unwritable("--report", path, e);
        }
    }

    private static StartException unwritable(String flag, @Nullable Path path, IOException e) {
        return new StartException(
                new Problem(flag, path + ": " + IoReasons.of(e), "a file that can be written").toString(), e);
    }
}
