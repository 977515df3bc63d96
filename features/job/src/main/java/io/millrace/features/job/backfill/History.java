package io.millrace.features.job.backfill;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * What happened until a time, in files; from then on, topics say it. A topic of whose records the files have none says all of it.
 *
 * @param files Avro containers of events and outcomes, as Flink's file systems name them, each nearly in the order of time
 * @param until what is of this time or later does not count from files, and nothing earlier from their topics; in whole milliseconds
 * @param topics whose records are in the files, of {@link Topic#EVENTS} and {@link Topic#OUTCOMES}
 */
public record History(List<String> files, Instant until, Set<Topic> topics) implements Serializable {
    private static final int NANOS_A_MILLI = 1_000_000;

    public History {
        files = List.copyOf(files);
        topics = Set.copyOf(topics);
        if (until.getNano() % NANOS_A_MILLI != 0) {
            throw new IllegalArgumentException(new Problem("until", until.toString(), "whole milliseconds").toString());
        }
    }

    /**
     * That of some containers.
     *
     * @throws HistoryException if one is not there, is none, or was made for another end
     */
    public static History of(List<String> files, Instant until) throws IOException {
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        for (String file : files) {
            try (HistoryFile records = HistoryFile.open(file)) {
                String made = records.until();
                if (made != null && !made.equals(until.toString())) {
                    throw new HistoryException(
                            new Problem("history until", until.toString(), made + ", for which " + file + " was made"));
                }
                if (records.hasNext()) {
                    topics.add(records.topic());
                }
            }
        }
        return new History(files, until, topics);
    }

    /**
     * All containers of a directory.
     *
     * @throws HistoryException if there are none
     */
    public static History in(String directory, Instant until) throws IOException {
        Path path = new Path(directory);
        FileSystem system = path.getFileSystem();
        FileStatus[] all = system.exists(path) ? system.listStatus(path) : new FileStatus[0];
        List<String> files = Arrays.stream(all)
                .map(status -> status.getPath().toString())
                .filter(file -> file.endsWith(".avro"))
                .sorted()
                .toList();
        if (files.isEmpty()) {
            throw new HistoryException(
                    Problem.missing(directory + "/*.avro", "Avro containers of events and outcomes"));
        }
        return of(files, until);
    }

    public long untilMillis() {
        return until.toEpochMilli();
    }

    public long untilMicros() {
        return untilMillis() * 1000;
    }
}
