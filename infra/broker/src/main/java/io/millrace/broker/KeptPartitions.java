package io.millrace.broker;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * What the directories of a cluster's brokers hold, as against what its metadata says; read while no broker runs.
 *
 * <p>Records lie in a directory for each partition; which partitions there are stands in the metadata log alone. A broker that
 * starts renames the directory of a partition that it does not know to {@code ...-stray} and goes on without it. A directory is made
 * only when the record of its partition has been committed, which is when a majority of the brokers has it on disk: what a majority does
 * not know was lost.
 *
 * @param known how many partitions a majority knows, deleted ones among them
 * @param lost directories of partitions that hold records, or could, and that it does not know
 */
public record KeptPartitions(int known, List<Path> lost) {
    private static final Pattern PARTITION = Pattern.compile(".+-(\\d+)");

    public KeptPartitions {
        lost = List.copyOf(lost);
    }

    /**
     * Reads what is there and writes nothing.
     *
     * @param directories of all the cluster's brokers, which need not exist
     */
    public static KeptPartitions of(List<Path> directories) throws IOException {
        Map<PartitionId, Integer> brokers = new HashMap<>();
        for (Path directory : directories) {
            MetadataLog.partitions(directory).forEach(partition -> brokers.merge(partition, 1, Integer::sum));
        }
        Set<PartitionId> known = new HashSet<>(brokers.keySet());
        known.removeIf(partition -> brokers.get(partition) <= directories.size() / 2);
        List<Path> lost = new ArrayList<>();
        for (Path directory : directories) {
            for (Path found : list(directory)) {
                Optional<PartitionId> partition = partition(found);
                if (partition.isPresent() && !known.contains(partition.get())) {
                    lost.add(found);
                }
            }
        }
        return new KeptPartitions(known.size(), lost);
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    /** Empty for other files, and where the topic's id is missing: it is written before the first record. */
    private static Optional<PartitionId> partition(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        Matcher matcher = PARTITION.matcher(name);
        Path file = directory.resolve("partition.metadata");
        if (name.equals(MetadataLog.NAME) || !matcher.matches() || !Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Optional.of(new PartitionId(
                    Uuid.fromString(properties.getProperty("topic_id", "")), Integer.parseInt(matcher.group(1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
