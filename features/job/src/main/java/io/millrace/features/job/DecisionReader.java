package io.millrace.features.job;

import io.millrace.features.join.match.MatchKeys;
import io.millrace.features.join.state.ShownItem;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads decisions, without the candidates that were not shown; and, where feedback may name subject and item, beside each what it
 * showed.
 */
final class DecisionReader extends ArrivalReader<Decision> {
    private static final long serialVersionUID = 1L;

    private final FeedbackSpec.Match match;
    private transient @Nullable Codec<ShownItem> shownItems;

    DecisionReader(KafkaSettings kafka, JoinJobSettings settings, FeedbackSpec.Match match, Clock clock) {
        super(Decision.class, kafka, settings.patience(), JoinJob.COMPONENT, clock);
        this.match = match;
    }

    @Override
    public void open(InitializationContext context) {
        super.open(context);
        shownItems = Codec.of(ShownItem.class);
    }

    @Override
    void arrive(
            Decision decision, ConsumerRecord<byte[], byte[]> consumed, Codec<Decision> codec, Consumer<Arrival> out) {
        out.accept(new Arrival(
                Arrival.Kind.DECISION,
                consumed.partition(),
                consumed.offset(),
                DecisionIds.joinKey(decision.getId()),
                decision.getTimeMicros(),
                shown(decision, consumed.value(), codec)));
        if (match == FeedbackSpec.Match.SUBJECT_ITEM) {
            MatchKeys.shown(decision).forEach(shown -> out.accept(arrival(shown, consumed)));
        }
    }

    private static byte[] shown(Decision decision, byte[] consumed, Codec<Decision> codec) {
        if (decision.getUnshown().isEmpty()) {
            return codec.encode(decision, consumed);
        }
        decision.setUnshown(List.of());
        return codec.encode(decision);
    }

    private Arrival arrival(ShownItem shown, ConsumerRecord<byte[], byte[]> consumed) {
        return new Arrival(
                Arrival.Kind.SHOWN,
                consumed.partition(),
                consumed.offset(),
                MatchKeys.key(shown),
                shown.getTimeMicros(),
                Objects.requireNonNull(shownItems).encode(shown));
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
