package io.millrace.local.log;

import io.millrace.local.StartException;
import io.millrace.record.ModelControl;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import io.millrace.wire.kafka.TopicAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Topics from their beginning to an end that was fixed before, committed records only. Used by one thread. */
public final class TopicLog {
    private static final String FETCH_BYTES = Integer.toString(4 << 20);
    private static final String POLL_RECORDS = "4000";

    private final KafkaSettings kafka;

    public TopicLog(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * A partition as it was when it was asked for.
     *
     * @param begin the first offset that is kept
     * @param end behind the last committed record
     * @param open records behind the end, of transactions that are not at theirs
     */
    public record Extent(int partition, long begin, long end, long open) {
        /** No more than that many offsets before the end. */
        public Extent last(long offsets) {
            return new Extent(partition, Math.max(begin, end - offsets), end, open);
        }
    }

    /** Receives records. */
    @FunctionalInterface
    public interface Sink {
        /** Returns whether more are wanted. */
        boolean take(ConsumerRecord<byte[], byte[]> read);
    }

    /** A partition's name, as people and tools know it. */
    public String name(Topic topic, int partition) {
        return kafka.name(topic) + "-" + partition;
    }

    /** What operators want, by model; nothing where brokers are of a version that knew no such topic. */
    public Map<String, ModelControl> controls() throws InterruptedException {
        return isThere(Topic.MODEL_CONTROL) ? ModelControls.readAll(kafka) : Map.of();
    }

    /** Whether a topic is there; one of a newer version's catalogue need not be. */
    public boolean isThere(Topic topic) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return admin.partitions(topic) > 0;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * The id of a topic: another one of the same name has another.
     *
     * @throws StartException if the topic is not there, or no broker
     */
    public String topicId(Topic topic) throws StartException, InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return admin.topicId(topic).toString();
        } catch (IllegalStateException e) {
            throw missing(e);
        }
    }

    /**
     * All partitions of a topic, ascending.
     *
     * @throws StartException if the topic is not there, or no broker
     */
    public List<Extent> extents(Topic topic) throws StartException, InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return extents(admin, topic);
        } catch (IllegalStateException e) {
            throw missing(e);
        }
    }

    private static List<Extent> extents(TopicAdmin admin, Topic topic) throws InterruptedException {
        Map<Integer, Long> begins = admin.offsets(topic, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
        Map<Integer, Long> ends = admin.offsets(topic, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<Integer, Long> last = admin.offsets(topic, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        return ends.keySet().stream()
                .sorted()
                .map(partition -> new Extent(
                        partition,
                        begins.get(partition),
                        ends.get(partition),
                        Math.max(0, last.get(partition) - ends.get(partition))))
                .toList();
    }

    /**
     * The same partitions from the first record on that was written at a time or later.
     *
     * @throws StartException if the topic is not there, or no broker
     */
    public List<Extent> since(Topic topic, long timeMillis) throws StartException, InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            List<Extent> whole = extents(admin, topic);
            OffsetSpec then = OffsetSpec.forTimestamp(Math.max(0, timeMillis));
            Map<Integer, Long> first = admin.offsets(topic, then, IsolationLevel.READ_COMMITTED);
            return whole.stream()
                    .map(extent -> {
                        long found = first.get(extent.partition());
                        long begin = found < 0 ? extent.end() : Math.min(found, extent.end());
                        return new Extent(extent.partition(), begin, extent.end(), extent.open());
                    })
                    .toList();
        } catch (IllegalStateException e) {
            throw missing(e);
        }
    }

    private StartException missing(IllegalStateException e) {
        return new StartException(
                "brokers at " + kafka.client().get("bootstrap.servers") + ": " + e.getMessage()
                        + " (expected: brokers that answer, with a pipeline's topics)",
                e);
    }

    /** Reads a partition on a thread of its own, and hands over on the caller's. */
    public void read(Topic topic, Extent extent, Sink sink) throws InterruptedException {
        if (extent.begin() >= extent.end()) {
            return;
        }
        TopicPartition partition = new TopicPartition(kafka.name(topic), extent.partition());
        try (ReadAhead ahead = new ReadAhead(consumer(), partition, extent)) {
            for (var records = ahead.next(); !records.isEmpty(); records = ahead.next()) {
                for (ConsumerRecord<byte[], byte[]> read : records) {
                    if (!sink.take(read)) {
                        return;
                    }
                }
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, String> client = new HashMap<>(kafka.client());
        client.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        client.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        return Follower.consumer(new KafkaSettings(client, kafka.prefix()));
    }
}
