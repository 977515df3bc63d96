package io.millrace.ingestion.collect;

import io.millrace.ingestion.Records;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What somebody did about a decision. Whether there is such a decision, slot or kind is the join's to know: an id of any
 * form is taken.
 */
final class FeedbackIntake implements Intake {
    private static final Set<String> FIELDS =
            Set.of("id", "decision_id", "request_id", "slot", "item", "kind", "value", "final", EventTime.FIELD);

    private final String topicName;
    private final EventTime time;
    private final Uuid7 ids;
    private final Codec<Feedback> codec = Codec.of(Feedback.class);

    FeedbackIntake(KafkaSettings settings, EventTime time, Uuid7 ids) {
        this.topicName = settings.name(Topic.FEEDBACK);
        this.time = time;
        this.ids = ids;
    }

    @Override
    public Topic topic() {
        return Topic.FEEDBACK;
    }

    @Override
    public Outgoing read(Fields fields) {
        fields.allowOnly(FIELDS);
        String id = fields.nameIfGiven("id").orElseGet(ids::mint);
        Optional<String> decision = fields.nameIfGiven("decision_id");
        Optional<String> request = fields.nameIfGiven("request_id");
        exactlyOneDecision(fields);
        Optional<Integer> slot = fields.indexIfGiven("slot");
        Optional<String> item = fields.nameIfGiven("item");
        if (slot.isPresent() && item.isPresent()) {
            fields.report("item", "given beside slot", "slot or item, not both");
        }
        Feedback feedback = new Feedback(
                id,
                decision.orElse(null),
                request.orElse(null),
                slot.orElse(null),
                item.orElse(null),
                fields.name("kind"),
                fields.number("value", 1.0),
                fields.flag("final", false),
                time.read(fields));
        byte[] key = Records.feedbackKey(feedback.getDecisionId(), feedback.getRequestId());
        return new Outgoing(id, new ProducerRecord<>(topicName, key, codec.encode(feedback)));
    }

    private static void exactlyOneDecision(Fields fields) {
        boolean byDecision = fields.node("decision_id").isPresent();
        boolean byRequest = fields.node("request_id").isPresent();
        if (!byDecision && !byRequest) {
            fields.report("decision_id", "missing", "decision_id or request_id");
        } else if (byDecision && byRequest) {
            fields.report("request_id", "given beside decision_id", "decision_id or request_id, not both");
        }
    }
}
