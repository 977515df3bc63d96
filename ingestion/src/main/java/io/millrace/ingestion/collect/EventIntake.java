package io.millrace.ingestion.collect;

import io.millrace.ingestion.Records;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Map;
import java.util.Set;
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
        fields.allowOnly(FIELDS);
        String id = fields.nameIfGiven("id").orElseGet(ids::mint);
        String kind = fields.name("kind");
        Map<String, String> entities = fields.names("entities");
        Event event = new Event(id, kind, time.read(fields), entities, fields.values("values"));
        byte[] key = Records.eventKey(entities, kind);
        return new Outgoing(id, new ProducerRecord<>(topicName, key, codec.encode(event)));
    }
}
