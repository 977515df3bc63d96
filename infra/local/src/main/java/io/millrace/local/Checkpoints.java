package io.millrace.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the newest completed checkpoint of a job: the one whose metadata, written last and moved into place, is there. */
public final class Checkpoints {
    static final String METADATA = "_metadata";
    private static final String PREFIX = "chk-";

    private Checkpoints() {}

    /** @param directory the job's own directory of checkpoints, which need not exist */
    public static Optional<Path> newest(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(PREFIX + "[0-9]+"))
                    .filter(entry -> Files.exists(entry.resolve(METADATA)))
                    .max(Comparator.comparingLong(Checkpoints::number));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }
}
