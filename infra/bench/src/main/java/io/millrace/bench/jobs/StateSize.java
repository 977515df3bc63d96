package io.millrace.bench.jobs;

import io.millrace.local.Checkpoints;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/** How large a job's state is, as its newest checkpoint says. */
final class StateSize {
    private StateSize() {}

    /**
     * Bytes of all operators together; of files that checkpoints share, too.
     *
     * @param checkpoints a directory with the checkpoints of one job
     */
    static long newest(Path checkpoints) throws IOException {
        List<Path> jobs;
        try (Stream<Path> entries = Files.list(checkpoints)) {
            jobs = entries.toList();
        }
        for (Path job : jobs) {
            Optional<Path> newest = Checkpoints.newest(job);
            if (newest.isPresent()) {
                return size(newest.get().resolve("_metadata"));
            }
        }
        return 0;
    }

    private static long size(Path metadata) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
            CheckpointMetadata read = org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(
                    in, StateSize.class.getClassLoader(), metadata.toString());
            return read.getOperatorStates().stream()
                    .mapToLong(OperatorState::getStateSize)
                    .sum();
        }
    }
}
