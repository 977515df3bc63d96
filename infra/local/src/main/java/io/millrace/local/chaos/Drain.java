package io.millrace.local.chaos;

import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
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
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
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
        Set<String> promised = new HashSet<>();
        for (String line : Files.readAllLines(acknowledged)) {
            promised.add(line.substring(0, line.indexOf('\t')));
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        Drained now = count(promised);
        while (now.withoutEffect() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            now = count(promised);
        }
        return now;
    }

    private Drained count(Set<String> promised) {
        Map<String, String> decisionOf = new HashMap<>();
        read(Topic.FEEDBACK, Feedback.class, feedback -> {
            if (promised.contains(feedback.getId())) {
                decisionOf.put(feedback.getId(), feedback.getDecisionId());
            }
        });
        Set<String> decisions = new HashSet<>();
        read(Topic.DECISIONS, Decision.class, decision -> decisions.add(decision.getId()));
        Set<String> outcomes = new HashSet<>();
        read(Topic.OUTCOMES, Outcome.class, outcome -> outcomes.add(outcome.getId()));
        long withoutEffect = 0;
        long undecided = 0;
        for (Map.Entry<String, String> feedback : decisionOf.entrySet()) {
            if (!decisions.contains(feedback.getValue())) {
                undecided++;
                LOG.info("feedback {}: its decision was made and not logged", feedback.getKey());
            } else if (!outcomes.contains(feedback.getKey())) {
                withoutEffect++;
                LOG.warn("feedback {} for decision {}: no outcome", feedback.getKey(), feedback.getValue());
            }
        }
        if (withoutEffect > 0) {
            read(Topic.DEAD_LETTERS, DeadLetter.class, letter -> LOG.warn("dead letter: {}", letter.getReason()));
        }
        return new Drained(withoutEffect, undecided);
    }

    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, Consumer<T> to) {
        Codec<T> codec = Codec.of(type);
        try (var consumer = Follower.consumer(kafka)) {
            List<TopicPartition> partitions = consumer.partitionsFor(kafka.name(topic)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(POLL)) {
                    to.accept(codec.decode(consumed.value()));
                }
            }
        }
    }
}
