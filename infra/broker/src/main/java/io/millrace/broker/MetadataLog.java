package io.millrace.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.metadata.MetadataRecordSerde;

/**
 * A broker's metadata log, read from its files: the newest snapshot, and the segments from there on. Partitions that were deleted
 * count as known. As for a broker that starts, the log ends with the first record that is damaged.
 */
final class MetadataLog {
    static final String NAME = "__cluster_metadata-0";

    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{20})-\\d{10}\\.checkpoint");
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    private final MetadataRecordSerde serde = new MetadataRecordSerde();
    private final Set<PartitionId> partitions = new HashSet<>();

    private MetadataLog() {}

    /** The partitions that the metadata log in a broker's directory knows; none where there is no such log. */
    static Set<PartitionId> partitions(Path directory) throws IOException {
        Path log = directory.resolve(NAME);
        if (!Files.isDirectory(log)) {
            return Set.of();
        }
        MetadataLog read = new MetadataLog();
        long from = 0;
        Optional<Matcher> snapshot = names(log, SNAPSHOT).stream().reduce((first, second) -> second);
        if (snapshot.isPresent()) {
            from = Long.parseLong(snapshot.get().group(1));
            read.file(log.resolve(snapshot.get().group()), 0);
        }
        for (Matcher segment : names(log, SEGMENT)) {
            if (!read.file(log.resolve(segment.group()), from)) {
                break;
            }
        }
        return read.partitions;
    }

    private static List<Matcher> names(Path log, Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .toList();
        }
    }

    /** Returns whether it is sound to its end. */
    private boolean file(Path file, long from) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            int sound = 0;
            for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
                if (batch.lastOffset() >= from && !batch.isControlBatch()) {
                    batch.ensureValid();
                    batch.forEach(this::take);
                }
                sound += batch.sizeInBytes();
            }
            return sound == bytes.limit();
        } catch (CorruptRecordException e) {
            return false;
        }
    }

    private void take(Record record) {
        ByteBuffer value = record.value();
        if (serde.read(new ByteBufferAccessor(value), value.remaining()).message()
                instanceof PartitionRecord partition) {
            partitions.add(new PartitionId(partition.topicId(), partition.partitionId()));
        }
    }
}
