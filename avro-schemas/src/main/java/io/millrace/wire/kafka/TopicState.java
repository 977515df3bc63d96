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
 * @param config what a plan asks for and what is so, by key; empty where the principal may not see it
 * @param problems what is wrong with it, if it exists
 * @param losses of the problems, those by which records or their order are lost
 */
public record TopicState(
        Topic topic,
        String name,
        int partitions,
        int replicas,
        Map<String, String> config,
        List<Problem> problems,
        List<Problem> losses) {
    public TopicState {
        config = new TreeMap<>(config);
        problems = List.copyOf(problems);
        losses = List.copyOf(losses);
    }

    static TopicState missing(Topic topic, String name) {
        return new TopicState(topic, name, 0, 0, Map.of(), List.of(), List.of());
    }

    public boolean exists() {
        return partitions > 0;
    }

    /** Whether its configuration may be seen. */
    public boolean isDescribed() {
        return !config.isEmpty();
    }
}
