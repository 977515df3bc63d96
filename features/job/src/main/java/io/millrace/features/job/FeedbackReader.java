package io.millrace.features.job;

import io.millrace.features.join.match.MatchKeys;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads feedback. */
final class FeedbackReader extends ArrivalReader<Feedback> {
    private static final long serialVersionUID = 1L;

    private final FeedbackSpec.Match match;

    FeedbackReader(KafkaSettings kafka, JoinJobSettings settings, FeedbackSpec.Match match, Clock clock) {
        super(Feedback.class, kafka, settings.patience(), JoinJob.COMPONENT, clock);
        this.match = match;
    }

    @Override
    void arrive(
            Feedback feedback, ConsumerRecord<byte[], byte[]> consumed, Codec<Feedback> codec, Consumer<Arrival> out) {
        boolean isUnnamed = match == FeedbackSpec.Match.SUBJECT_ITEM && MatchKeys.isUnnamed(feedback);
        out.accept(new Arrival(
                isUnnamed ? Arrival.Kind.UNNAMED : Arrival.Kind.FEEDBACK,
                consumed.partition(),
                consumed.offset(),
                isUnnamed ? MatchKeys.key(feedback) : key(feedback),
                feedback.getTimeMicros(),
                codec.encode(feedback, consumed.value())));
    }

    /** Feedback that names nothing joins nothing: it waits at any key and becomes a dead letter. */
    private static long key(Feedback feedback) {
        if (feedback.getDecisionId() != null) {
            return DecisionIds.joinKey(feedback.getDecisionId());
        }
        return DecisionIds.joinKeyOfRequest(feedback.getRequestId() == null ? "" : feedback.getRequestId());
    }

    @Override
    long timeMicros(Feedback feedback) {
        return feedback.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.FEEDBACK;
    }
}
