package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as it is in a cluster.
 *
 * @param name with the cluster's prefix
 * @param partitions 0 where it does not exist
 * @param replicas of the partition that has the fewest
 * @param config what a plan asks for and what is so, by key
 * @param problems what is wrong with it, if it exists
 */
public record TopicState(
        Topic topic, String name, int partitions, int replicas, Map<String, String> config, List<Problem> problems) {
    public TopicState {
        config = new TreeMap<>(config);
        problems = List.copyOf(problems);
    }

    static TopicState missing(Topic topic, String name) {
        return new TopicState(topic, name, 0, 0, Map.of(), List.of());
    }

    public boolean exists() {
        return partitions > 0;
    }
}
