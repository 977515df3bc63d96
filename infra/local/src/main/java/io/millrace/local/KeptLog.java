package io.millrace.local;

import io.millrace.broker.KeptPartitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a directory still has the log of what it holds. Looked at before brokers start: they would put aside what they do not
 * know, and everything would begin anew.
 */
public final class KeptLog {
    private static final int SHOWN = 3;
    private static final String WAY_OUT = "; nothing was started or changed (expected: the Kafka log as it was written;"
            + " restore the whole directory from a backup, or move it away to begin anew; docs/operations.md)";

    private KeptLog() {}

    /**
     * Reads, and writes nothing.
     *
     * @param name of the directory in the message
     * @param logs the brokers' directories
     * @param models where base snapshots are kept
     * @param checkpoints where the jobs' are
     * @throws StartException if there are records of topics of which the brokers know nothing any more, or models without topics
     */
    public static void check(String name, List<Path> logs, Path models, Path checkpoints)
            throws StartException, IOException {
        KeptPartitions kept = KeptPartitions.of(logs);
        if (!kept.lost().isEmpty()) {
            throw new StartException(name + ": records of " + partitions(kept.lost())
                    + " are there, but the metadata log, __cluster_metadata-0 in " + shown(logs)
                    + ", does not know these partitions: it was damaged or deleted" + WAY_OUT);
        }
        if (kept.known() > 0) {
            return;
        }
        boolean hasModels = anyFile(models, file -> !models.relativize(file).startsWith(ModelImport.DIRECTORY));
        boolean hasCheckpoints =
                anyFile(checkpoints, file -> file.getFileName().toString().equals(Checkpoints.METADATA));
        if (hasModels || hasCheckpoints) {
            throw new StartException(name + ": "
                    + (hasModels ? hasCheckpoints ? "models and checkpoints are" : "models are" : "checkpoints are")
                    + " there, but no topic of the Kafka log that they were learned from, in " + shown(logs)
                    + WAY_OUT);
        }
    }

    private static String partitions(List<Path> lost) {
        List<String> names = lost.stream()
                .map(path -> path.getFileName().toString())
                .filter(partition -> !partition.startsWith("__"))
                .distinct()
                .toList();
        return lost.size()
                + (lost.size() == 1 ? " partition" : " partitions")
                + (names.isEmpty()
                        ? ""
                        : names.stream()
                                .limit(SHOWN)
                                .collect(Collectors.joining(", ", " (", names.size() > SHOWN ? ", ...)" : ")")));
    }

    private static String shown(List<Path> logs) {
        return logs.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static boolean anyFile(Path directory, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).anyMatch(wanted);
        }
    }
}
