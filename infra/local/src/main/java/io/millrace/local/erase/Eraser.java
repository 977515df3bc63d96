package io.millrace.local.erase;

import io.millrace.local.StartException;
import io.millrace.record.Erasure;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Has subjects forgotten: in one transaction, an {@link Erasure} in every partition of {@code examples}, from which on learners
 * pass them over, another in {@code erasures} for all other readers, and the end of the name behind the hash. All or nothing.
 */
public final class Eraser {
    private final KafkaSettings kafka;
    private final Clock clock;

    public Eraser(KafkaSettings kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /**
     * Forgets what was decided for subjects until now.
     *
     * @throws StartException if no model is known yet, or another erasure was begun meanwhile
     */
    public Erased erase(List<String> subjects) throws StartException, InterruptedException {
        if (subjects.isEmpty() || subjects.stream().anyMatch(String::isEmpty)) {
            throw new StartException(Problem.missing("subject", "an id as it was sent with /v1/rank")
                    .toString());
        }
        SubjectFields fields = SubjectFields.read(kafka);
        if (fields.names().isEmpty()) {
            throw new StartException("subjects: nothing has been learned, so it is not known what a spec calls them"
                    + " (expected: a first manifest or plan)");
        }
        Instant until = clock.instant().truncatedTo(ChronoUnit.MICROS);
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, until);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String subject : subjects) {
                fields.hashes(subject).forEach(hash -> write(producer, new Erasure(hash, micros)));
            }
            producer.commitTransaction();
        } catch (ProducerFencedException e) {
            throw new StartException(
                    "another erasure was begun meanwhile, so nothing was written (expected: one at a time; say it again)",
                    e);
        }
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            return new Erased(subjects, until, admin.retention(Erased.remaining()));
        }
    }

    private void write(Producer<byte[], byte[]> producer, Erasure erasure) {
        byte[] key =
                ByteBuffer.allocate(Long.BYTES).putLong(erasure.getSubject()).array();
        byte[] value = Codec.of(Erasure.class).encode(erasure);
        String examples = kafka.name(Topic.EXAMPLES);
        for (PartitionInfo partition : producer.partitionsFor(examples)) {
            producer.send(new ProducerRecord<>(examples, partition.partition(), null, value));
        }
        producer.send(new ProducerRecord<>(kafka.name(Topic.ERASURES), key, value));
        producer.send(new ProducerRecord<>(kafka.name(Topic.NAMES), key, null));
    }

    private Properties settings() {
        Properties settings = kafka.producer();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "millrace-erase");
        return settings;
    }
}
