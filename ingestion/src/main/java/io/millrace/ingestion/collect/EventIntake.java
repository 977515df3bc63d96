package io.millrace.ingestion.collect;

import io.millrace.ingestion.Records;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Something that happened in the world. */
final class EventIntake implements Intake {
    private static final Set<String> FIELDS = Set.of("id", "kind", EventTime.FIELD, "entities", "values");

    private final String topicName;
    private final EventTime time;
    private final Uuid7 ids;
    private final Codec<Event> codec = Codec.of(Event.class);

    EventIntake(KafkaSettings settings, EventTime time, Uuid7 ids) {
        this.topicName = settings.name(Topic.EVENTS);
        this.time = time;
        this.ids = ids;
    }

    @Override
    public Topic topic() {
        return Topic.EVENTS;
    }

    @Override
    public Outgoing read(Fields fields) {
        Event event = event(fields, time, ids::mint);
        byte[] key = Records.eventKey(event.getEntities(), event.getKind());
        return new Outgoing(event.getId(), new ProducerRecord<>(topicName, key, codec.encode(event)));
    }

    /**
     * Reads an event; where something is wrong with it, that is noted in the fields.
     *
     * @param idOtherwise the id of one that has none
     */
    static Event event(Fields fields, EventTime time, Supplier<String> idOtherwise) {
        fields.allowOnly(FIELDS);
        String id = fields.nameIfGiven("id").orElseGet(idOtherwise);
        String kind = fields.name("kind");
        return new Event(id, kind, time.read(fields), fields.names("entities"), fields.values("values"));
    }
}
