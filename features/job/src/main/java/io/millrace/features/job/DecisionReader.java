package io.millrace.features.job;

import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads decisions, without the candidates that were not shown. */
final class DecisionReader extends ArrivalReader<Decision> {
    private static final long serialVersionUID = 1L;

    DecisionReader(KafkaSettings kafka, JoinJobSettings settings, Clock clock) {
        super(Decision.class, kafka, settings.patience(), JoinJob.COMPONENT, clock);
    }

    @Override
    void arrive(
            Decision decision, ConsumerRecord<byte[], byte[]> consumed, Codec<Decision> codec, Consumer<Arrival> out) {
        decision.setUnshown(List.of());
        out.accept(new Arrival(
                Arrival.Kind.DECISION,
                consumed.partition(),
                consumed.offset(),
                DecisionIds.joinKey(decision.getId()),
                decision.getTimeMicros(),
                codec.encode(decision)));
    }

    @Override
    long timeMicros(Decision decision) {
        return decision.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.DECISIONS;
    }
}
