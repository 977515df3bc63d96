package io.millrace.local.chaos;

import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until everything that was promised has had its effect, or nothing more comes, and counts what has not. Holds the ids of
 * a run in memory.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LOOK_AGAIN_MS = 1000;

    private final KafkaSettings kafka;

    Drain(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** @param acknowledged a line for each: the feedback's id and how often it was sent, after a tab */
    Drained await(Path acknowledged) throws IOException, InterruptedException {
        Map<String, Integer> posts = new HashMap<>();
        for (String line : Files.readAllLines(acknowledged)) {
            int tab = line.indexOf('\t');
            posts.put(line.substring(0, tab), Integer.parseInt(line.substring(tab + 1)));
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        Drained now = count(posts);
        while (now.withoutEffect() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            now = count(posts);
        }
        return now;
    }

    private Drained count(Map<String, Integer> posts) {
        Map<String, Integer> feedback = new HashMap<>();
        Map<String, String> decisionOf = new HashMap<>();
        read(Topic.FEEDBACK, Feedback.class, record -> {
            feedback.merge(record.getId(), 1, Integer::sum);
            decisionOf.put(
                    record.getId(), record.getRequestId() == null ? record.getDecisionId() : record.getRequestId());
            return null;
        });
        Set<String> decisions = new HashSet<>();
        read(Topic.DECISIONS, Decision.class, record -> {
            decisions.add(record.getId());
            if (record.getRequestId() != null) {
                decisions.add(record.getRequestId());
            }
            return null;
        });
        Set<String> outcomes = new HashSet<>();
        long[] duplicated = new long[1];
        read(Topic.OUTCOMES, Outcome.class, record -> {
            if (!outcomes.add(record.getId())) {
                duplicated[0]++;
            }
            return null;
        });
        Set<String> examples = new HashSet<>();
        read(Topic.EXAMPLES, Example.class, record -> {
            if (record.getKind() == ExampleKind.ORIGINAL
                    && !examples.add(record.getDecisionId() + "/" + record.getSlot())) {
                duplicated[0]++;
            }
            return null;
        });
        long lost = 0;
        long withoutEffect = 0;
        long undecided = 0;
        for (Map.Entry<String, Integer> promise : posts.entrySet()) {
            int there = feedback.getOrDefault(promise.getKey(), 0);
            if (there == 0) {
                lost++;
            } else if (there > promise.getValue()) {
                duplicated[0] += there - promise.getValue();
            }
            if (there > 0 && !decisions.contains(decisionOf.get(promise.getKey()))) {
                undecided++;
                LOG.info("feedback {}: its decision was made and not logged", promise.getKey());
            } else if (there > 0 && !outcomes.contains(promise.getKey())) {
                withoutEffect++;
            }
        }
        return new Drained(lost, withoutEffect, undecided, duplicated[0], examples.size());
    }

    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, Function<T, Void> to) {
        Codec<T> codec = Codec.of(type);
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
            List<TopicPartition> partitions = consumer.partitionsFor(kafka.name(topic)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(POLL)) {
                    to.apply(codec.decode(consumed.value()));
                }
            }
        }
    }
}
