package io.millrace.local.letters;

import io.millrace.local.StartException;
import io.millrace.record.DeadLetter;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records again whose letters are selected: the bytes as they were, to the partition where they stood, with the key and
 * headers that they have there, if they still are. Never twice for a place: record and marker are one transaction, the markers
 * are read once no other replay can commit, and one that is started later shuts this one out.
 */
public final class LetterReplay {
    /** Header of a record that was sent again: where it stood. */
    static final String HEADER = "millrace-replay-of";

    private static final int PER_TRANSACTION = 500;

    private final KafkaSettings kafka;
    private final LetterBox box;
    private final Clock clock;
    private final Codec<DeadLetter> codec = Codec.of(DeadLetter.class);

    public LetterReplay(KafkaSettings kafka, LetterBox box, Clock clock) {
        this.kafka = kafka;
        this.box = box;
        this.clock = clock;
    }

    /**
     * What was done.
     *
     * @param sent how many records, by topic
     * @param before how many had been sent by an earlier replay
     * @param refused how many were not, by reason
     */
    public record Result(Map<String, Long> sent, long before, Map<String, Long> refused) {}

    /** @param dryRun says what would be done, and does nothing */
    public Result run(Selection selection, boolean dryRun) throws StartException, InterruptedException {
        if (dryRun) {
            return send(chosen(selection), null);
        }
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            return send(chosen(selection), producer);
        }
    }

    static Properties settings(KafkaSettings kafka) {
        Properties settings = kafka.producer();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "millrace-replay");
        return settings;
    }

    private record Chosen(Map<Place, DeadLetter> letters, Set<Place> before, Map<String, Long> refused) {}

    private Chosen chosen(Selection selection) throws StartException, InterruptedException {
        Chosen chosen = new Chosen(new LinkedHashMap<>(), new HashSet<>(), new TreeMap<>());
        Set<Place> replayed = box.replayed();
        box.forEach(letter -> {
            Place place = Place.of(letter);
            if (letter.getComponent().equals(LetterBox.REPLAY) || !selection.selects(letter)) {
                return;
            }
            Optional<String> refusal = refusal(letter);
            if (refusal.isPresent()) {
                chosen.refused().merge(refusal.get(), 1L, Long::sum);
            } else if (replayed.contains(place)) {
                chosen.before().add(place);
            } else {
                chosen.letters().putIfAbsent(place, letter);
            }
        });
        return chosen;
    }

    private Optional<String> refusal(DeadLetter letter) {
        Optional<String> ofTopic = refusal(letter.getTopic());
        return ofTopic.isPresent() || Place.of(letter).isInATopic()
                ? ofTopic
                : Optional.of(letter.getTopic() + ": never written (expected: a record with a place in its topic;"
                        + " whoever sent it was told, and may send it again)");
    }

    /** Why nothing may be sent to a topic again, if so. */
    public Optional<String> refusal(String name) {
        Optional<Topic> topic = box.topic(name);
        if (topic.isEmpty()) {
            return Optional.of(
                    name + ": not a topic of this pipeline (expected: decisions, feedback, events or items)");
        }
        return switch (topic.get()) {
            case DECISIONS, FEEDBACK, EVENTS, ITEMS -> Optional.empty();
            case EXAMPLES ->
                Optional.of(name + ": the training log (expected: decisions, feedback, events or items; what is learned"
                        + " is a function of this log, and the join alone writes it, each label once)");
            case OUTCOMES,
                    NAMES,
                    FEATURE_VALUES,
                    MODEL_MANIFESTS,
                    MODEL_UPDATES,
                    METRICS,
                    EXPERIMENT_STATS,
                    ALERTS,
                    MODEL_CONTROL,
                    ERASURES,
                    SOURCE_OFFSETS,
                    DEAD_LETTERS,
                    SCHEMAS ->
                Optional.of(name + ": written by the pipeline itself (expected: decisions, feedback, events or items)");
        };
    }

    private Result send(Chosen chosen, @Nullable Producer<byte[], byte[]> producer) {
        Map<String, Long> sent = new TreeMap<>();
        int open = 0;
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
            Originals originals = new Originals(consumer);
            for (Map.Entry<Place, DeadLetter> entry : chosen.letters().entrySet()) {
                Place place = entry.getKey();
                DeadLetter letter = entry.getValue();
                Optional<ConsumerRecord<byte[], byte[]>> original = originals.find(place, Bytes.of(letter.getBytes()));
                Optional<String> refusal = refusal(place, original);
                if (refusal.isPresent()) {
                    chosen.refused().merge(refusal.get(), 1L, Long::sum);
                    continue;
                }
                if (producer != null) {
                    if (open == 0) {
                        producer.beginTransaction();
                    }
                    producer.send(again(place, letter, original));
                    producer.send(marker(place));
                    if (++open == PER_TRANSACTION) {
                        producer.commitTransaction();
                        open = 0;
                    }
                }
                sent.merge(place.topic(), 1L, Long::sum);
            }
        }
        if (producer != null && open > 0) {
            producer.commitTransaction();
        }
        return new Result(sent, chosen.before().size(), chosen.refused());
    }

    private Optional<String> refusal(Place place, Optional<ConsumerRecord<byte[], byte[]>> original) {
        if (original.isEmpty() && box.topic(place.topic()).equals(Optional.of(Topic.ITEMS))) {
            return Optional.of(place.topic() + ": gone from the topic, and with it its key (expected: a record that is"
                    + " still there; send the item anew)");
        }
        return original.filter(found -> found.headers().lastHeader(HEADER) != null)
                .map(found ->
                        place.topic() + ": rejected again after it was sent again (expected: a record that was not)");
    }

    private static ProducerRecord<byte[], byte[]> again(
            Place place, DeadLetter letter, Optional<ConsumerRecord<byte[], byte[]>> original) {
        byte[] key = original.map(ConsumerRecord::key).orElse(null);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(place.topic(), place.partition(), key, Bytes.of(letter.getBytes()));
        original.ifPresent(found -> found.headers().forEach(record.headers()::add));
        record.headers().remove(HEADER).add(HEADER, place.toString().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private ProducerRecord<byte[], byte[]> marker(Place place) {
        DeadLetter marker = DeadLetters.letter(
                LetterBox.REPLAY,
                place.topic(),
                place.partition(),
                place.offset(),
                new byte[0],
                "sent to " + place.topic() + "-" + place.partition() + " again",
                clock);
        byte[] key = place.topic().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(kafka.name(Topic.DEAD_LETTERS), key, codec.encode(marker));
    }
}
