package io.millrace.bench.jobs;

import io.millrace.bench.pipeline.Lap;
import io.millrace.wire.Topic;
import java.util.Map;

/**
 * What came of a job that read a backlog to its end.
 *
 * @param records that lay in its topics
 * @param lap its rates, of records read for good: those that a checkpoint covers
 * @param stateBytes of the last checkpoint
 * @param written what it wrote, by topic
 */
public record Drained(long records, Lap lap, long stateBytes, Map<Topic, TopicSizes.Size> written) {
    public Drained {
        written = Map.copyOf(written);
    }
}
