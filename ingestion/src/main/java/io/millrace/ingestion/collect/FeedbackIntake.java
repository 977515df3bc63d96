package io.millrace.ingestion.collect;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.ingestion.Records;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What somebody did about a decision. Whether there is such a decision, slot or kind is the join's to know: an id of any
 * form is taken.
 */
final class FeedbackIntake implements Intake {
    private static final Set<String> FIELDS =
            Set.of("id", "decision_id", "request_id", "slot", "item", "kind", "value", "final", EventTime.FIELD);
    private static final Set<String> FIELDS_AND_SUBJECT =
            Stream.concat(FIELDS.stream(), Stream.of("subject")).collect(Collectors.toUnmodifiableSet());

    private final String topicName;
    private final EventTime time;
    private final Uuid7 ids;
    private final boolean bySubject;
    private final Codec<Feedback> codec = Codec.of(Feedback.class);

    FeedbackIntake(KafkaSettings settings, FeedbackSpec.Match match, EventTime time, Uuid7 ids) {
        this.topicName = settings.name(Topic.FEEDBACK);
        this.bySubject = match == FeedbackSpec.Match.SUBJECT_ITEM;
        this.time = time;
        this.ids = ids;
    }

    @Override
    public Topic topic() {
        return Topic.FEEDBACK;
    }

    @Override
    public Outgoing read(Fields fields) {
        fields.allowOnly(bySubject ? FIELDS_AND_SUBJECT : FIELDS);
        String id = fields.nameIfGiven("id").orElseGet(ids::mint);
        Optional<String> decision = fields.nameIfGiven("decision_id");
        Optional<String> request = fields.nameIfGiven("request_id");
        Optional<String> subject = bySubject ? fields.nameIfGiven("subject") : Optional.empty();
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
                subject.orElse(null),
                slot.orElse(null),
                item.orElse(null),
                fields.name("kind"),
                fields.number("value", 1.0),
                fields.flag("final", false),
                time.read(fields));
        byte[] key = Records.feedbackKey(feedback);
        return new Outgoing(id, new ProducerRecord<>(topicName, key, codec.encode(feedback)));
    }

    private void exactlyOneDecision(Fields fields) {
        boolean byDecision = fields.node("decision_id").isPresent();
        boolean byRequest = fields.node("request_id").isPresent();
        boolean hasSubject = bySubject && fields.node("subject").isPresent();
        if (byDecision && byRequest) {
            fields.report("request_id", "given beside decision_id", "decision_id or request_id, not both");
        }
        if (hasSubject && (byDecision || byRequest)) {
            String beside = byDecision ? "decision_id" : "request_id";
            fields.report("subject", "given beside " + beside, "a decision, or subject and item, not both");
        } else if (hasSubject && fields.node("item").isEmpty()) {
            fields.report("item", "missing", "the item, since a subject is named and no decision");
        } else if (!hasSubject && !byDecision && !byRequest) {
            String expected = "decision_id or request_id" + (bySubject ? ", or subject and item" : "");
            fields.report("decision_id", "missing", expected);
        }
    }
}
