package io.millrace.trainer.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows {@code model-updates} as serving does: applies what applies, skips what it knows, fails at a gap. */
final class DeltaFollower implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final Codec<Delta> codec = Codec.of(Delta.class);
    private final List<ModelSnapshot> shards = new ArrayList<>();
    private final List<List<Delta>> parts = new ArrayList<>();
    private int skipped;

    DeltaFollower(KafkaSettings kafka, PipelineSpec spec, String lineage, int partitions) {
        consumer = new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> topic = List.of(new TopicPartition(kafka.name(Topic.MODEL_UPDATES), 0));
        consumer.assign(topic);
        consumer.seekToBeginning(topic);
        for (int shard = 0; shard < partitions; shard++) {
            shards.add(ModelSnapshot.initial(spec, lineage, shard));
            parts.add(new ArrayList<>());
        }
    }

    ModelSnapshot shard(int number) {
        return shards.get(number);
    }

    int skipped() {
        return skipped;
    }

    /** Whether every shard has reached the offset, after reading what is there. */
    boolean hasReached(long offset) {
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(20))) {
            follow(codec.decode(read.value()));
        }
        return shards.stream().allMatch(shard -> shard.offset() >= offset);
    }

    private void follow(Delta part) {
        List<Delta> pending = parts.get(part.getShard());
        if (part.getPart() == 0) {
            pending.clear();
        }
        pending.add(part);
        if (pending.size() == part.getParts()) {
            ModelSnapshot shard = shards.get(part.getShard());
            if (part.getTo() <= shard.offset()) {
                skipped++;
            } else {
                shards.set(part.getShard(), shard.apply(pending.toArray(Delta[]::new)));
            }
            pending.clear();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
