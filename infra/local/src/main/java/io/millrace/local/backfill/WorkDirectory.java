package io.millrace.local.backfill;

import io.millrace.features.job.AggregateJob;
import io.millrace.local.JobIds;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a backfill has its files while it runs, and what it replaced afterwards. */
public final class WorkDirectory {
    private static final String INCOMING = "incoming";
    private static final String CHECKPOINT = "chk-1";
    /** Flink writes it last. */
    private static final String FINISHED = "_metadata";

    private final Path path;
    private final Path own;

    private WorkDirectory(Path path, Path own) {
        this.path = path;
        this.own = own;
    }

    /**
     * That of a data directory, as it was left. An installation that was cut short after it took the job's checkpoints away is finished.
     *
     * @param checkpoints of all jobs
     */
    public static WorkDirectory open(Path path, Path checkpoints) throws IOException {
        WorkDirectory work = new WorkDirectory(
                path, checkpoints.resolve(JobIds.of(AggregateJob.NAME).toHexString()));
        if (!Files.exists(work.own)
                && Files.exists(work.incoming().resolve(CHECKPOINT).resolve(FINISHED))) {
            work.putInPlace();
        }
        return work;
    }

    /** Begins in it, without what a backfill that was cut short left there. */
    public void begin() throws IOException {
        end();
        Files.createDirectories(history());
        Files.createDirectories(incoming());
    }

    /** From now on the job publishes values that its state does not have before {@link #install}. */
    public void publishing() throws IOException {
        Files.writeString(mark(), "A backfill has published values, and its state is not in place.\n");
    }

    /** Whether a backfill was cut short after it had begun to publish; null if none was. */
    public @Nullable Problem unfinished() {
        return Files.exists(mark())
                ? new Problem(
                        mark().toString(),
                        "a backfill that published values was cut short before its state counts",
                        "none; run 'millrace backfill' again")
                : null;
    }

    /** Puts a state where a job that starts goes on from, in place of what is there, which is kept aside. */
    public void install(Path state) throws IOException {
        Files.move(state, incoming().resolve(CHECKPOINT));
        if (Files.exists(own)) {
            delete(replaced());
            Files.move(own, replaced());
        }
        putInPlace();
    }

    private void putInPlace() throws IOException {
        Files.createDirectories(own.getParent());
        Files.move(incoming(), own);
        Files.deleteIfExists(mark());
    }

    private Path mark() {
        return path.resolve("unfinished");
    }

    /**
     * A directory that a user names, made where there is none.
     *
     * @throws StartException if there is anything in it
     */
    public static Path empty(String flag, Path directory) throws StartException, IOException {
        Files.createDirectories(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new StartException(
                        new Problem(flag + " " + directory, "not empty", "an empty directory").toString());
            }
        }
        return directory;
    }

    public Path path() {
        return path;
    }

    public Path history() {
        return path.resolve("history");
    }

    /** What is to be the directory of the job's checkpoints. */
    private Path incoming() {
        return path.resolve(INCOMING);
    }

    /** Where the checkpoints of the job before are kept. */
    private Path replaced() {
        return path.resolve("replaced");
    }

    /** Deletes all but what was replaced, and that a backfill is unfinished. */
    public void end() throws IOException {
        for (String part : List.of("history", "checkpoints", "state", INCOMING)) {
            delete(path.resolve(part));
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
