package io.millrace.local.backfill;

import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a backfill has its files while it runs, and what it replaced afterwards. */
public final class WorkDirectory {
    private static final String INCOMING = "incoming";

    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** Begins in a directory, without what one that was cut short left there. */
    public static WorkDirectory begin(Path path) throws IOException {
        WorkDirectory work = new WorkDirectory(path);
        work.end();
        Files.createDirectories(work.history());
        Files.createDirectories(work.incoming());
        return work;
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
    Path incoming() {
        return path.resolve(INCOMING);
    }

    /** Where the checkpoints of the job before are kept; not there yet. */
    Path replaced() throws IOException {
        Path replaced = path.resolve("replaced");
        delete(replaced);
        return replaced;
    }

    /** Deletes all but what was replaced. */
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
