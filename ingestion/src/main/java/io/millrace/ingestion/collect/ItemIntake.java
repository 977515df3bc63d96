package io.millrace.ingestion.collect;

import io.millrace.record.Item;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What is known of an item, replacing what was known. */
final class ItemIntake implements Intake {
    private static final Set<String> FIELDS = Set.of("id", EventTime.FIELD, "values");

    private final String topicName;
    private final EventTime time;
    private final Codec<Item> codec = Codec.of(Item.class);

    ItemIntake(KafkaSettings settings, EventTime time) {
        this.topicName = settings.name(Topic.ITEMS);
        this.time = time;
    }

    @Override
    public Topic topic() {
        return Topic.ITEMS;
    }

    @Override
    public Outgoing read(Fields fields) {
        fields.allowOnly(FIELDS);
        String id = fields.name("id");
        Item item = new Item(id, time.read(fields), fields.values("values"));
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        return new Outgoing(id, new ProducerRecord<>(topicName, key, codec.encode(item)));
    }
}
