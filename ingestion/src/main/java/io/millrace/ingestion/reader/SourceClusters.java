package io.millrace.ingestion.reader;

import io.millrace.features.spec.SourceSpec;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The Kafka clusters in which topics of others are.
 *
 * @param own to which the results are written
 * @param others by the names that sources call them
 */
public record SourceClusters(KafkaSettings own, Map<String, KafkaSettings> others) {
    public SourceClusters {
        others = Map.copyOf(others);
    }

    /** All topics are in the Kafka to which the results are written. */
    public static SourceClusters of(KafkaSettings own) {
        return new SourceClusters(own, Map.of());
    }

    /** Where the source's topic is. */
    KafkaSettings of(SourceSpec source) {
        return source.cluster() == null ? own : Objects.requireNonNull(others.get(source.cluster()), source.cluster());
    }

    /** Whether it is said where the source's topic is. */
    Optional<Problem> problem(SourceSpec source) {
        String cluster = source.cluster();
        if (cluster == null || others.containsKey(cluster)) {
            return Optional.empty();
        }
        String given = others.isEmpty()
                ? ""
                : ", which has "
                        + String.join(", ", others.keySet().stream().sorted().toList());
        String near = Suggestion.near(cluster, others.keySet())
                .map(name -> name + "? or ")
                .orElse("");
        return Optional.of(new Problem(
                "sources." + source.name() + ".cluster",
                cluster,
                near + "cluster." + cluster + ".bootstrap.servers in the deployment" + given));
    }
}
