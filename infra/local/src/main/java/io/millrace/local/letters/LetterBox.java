package io.millrace.local.letters;

import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.record.DeadLetter;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The topic {@code dead-letters}. Beside the letters it holds, as a letter of the component {@value #REPLAY} without bytes, a
 * marker for each place whose record was sent again: both are written in one transaction.
 */
public final class LetterBox implements AutoCloseable {
    /** Whose letters are markers. */
    static final String REPLAY = "replay";

    private final KafkaSettings kafka;
    private final RecordLog log;

    public LetterBox(KafkaSettings kafka) {
        this.kafka = kafka;
        this.log = new RecordLog(kafka);
    }

    /** Reads all letters in order, markers among them; returns how many could not be read. */
    long forEach(Consumer<DeadLetter> reader) throws StartException, InterruptedException {
        return log.each(Topic.DEAD_LETTERS, DeadLetter.class, reader);
    }

    /** The places whose records were sent again. */
    Set<Place> replayed() throws StartException, InterruptedException {
        Set<Place> places = new HashSet<>();
        forEach(letter -> {
            if (letter.getComponent().equals(REPLAY)) {
                places.add(Place.of(letter));
            }
        });
        return places;
    }

    /** What there is, by topic, component and reason, for people. */
    public String list() throws StartException, InterruptedException {
        Set<Place> replayed = replayed();
        Map<LetterGroup.Key, LetterGroup> groups = new TreeMap<>();
        long unreadable = forEach(letter -> {
            if (!letter.getComponent().equals(REPLAY)) {
                groups.computeIfAbsent(LetterGroup.Key.of(letter), key -> new LetterGroup(letter))
                        .add(letter, replayed.contains(Place.of(letter)));
            }
        });
        StringBuilder text = new StringBuilder();
        groups.values().forEach(group -> text.append(group.text()));
        if (unreadable > 0) {
            text.append(unreadable).append(" letters cannot be read\n");
        }
        return text.isEmpty() ? "no dead letters\n" : text.toString();
    }

    /**
     * Everything about the record of one place, for people.
     *
     * @throws StartException if no letter is about it
     */
    public String show(String topic, int partition, long offset) throws StartException, InterruptedException {
        Place place = new Place(topic, partition, offset);
        List<DeadLetter> letters = new ArrayList<>();
        forEach(letter -> {
            if (Place.of(letter).equals(place)) {
                letters.add(letter);
            }
        });
        Optional<DeadLetter> first = letters.stream()
                .filter(letter -> !letter.getComponent().equals(REPLAY))
                .findFirst();
        if (first.isEmpty()) {
            throw new StartException("dead letter of " + place
                    + ": none (expected: a topic, partition and offset as 'millrace deadletters list' shows them)");
        }
        StringBuilder text = new StringBuilder();
        for (DeadLetter letter : letters) {
            text.append(LetterGroup.time(letter.getTimeMicros()) + "  " + letter.getComponent() + ": "
                    + letter.getReason() + "\n");
        }
        byte[] bytes = Bytes.of(first.get().getBytes());
        return text.append(decoded(topic, bytes).orElseGet(() -> Bytes.hex(bytes)))
                .toString();
    }

    private Optional<String> decoded(String topic, byte[] bytes) {
        return topic(topic).flatMap(Topic::schema).flatMap(schema -> {
            try {
                Class<?> made = SpecificData.get().getClass(schema);
                Class<? extends SpecificRecord> type = made.asSubclass(SpecificRecord.class);
                return Optional.of(log.decoder().decode(log.decoder().codec(type), bytes) + "\n");
            } catch (WireException e) {
                return Optional.of(e.getMessage() + "\n" + Bytes.hex(bytes));
            }
        });
    }

    /** The topic of a name in the cluster, if it is ours. */
    Optional<Topic> topic(String name) {
        return name.startsWith(kafka.prefix())
                ? Topic.of(name.substring(kafka.prefix().length()))
                : Optional.empty();
    }

    @Override
    public void close() {
        log.close();
    }
}
