package io.millrace.features.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads outcomes into what they mean for each entity. */
final class OutcomeReader extends ArrivalReader<Outcome> {
    private static final long serialVersionUID = 1L;

    private final PipelineSpec spec;
    private transient OutcomeArrivals arrivals;

    OutcomeReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Outcome.class, kafka, patience, AggregateJob.COMPONENT, clock);
        this.spec = spec;
    }

    @Override
    public void open(InitializationContext context) {
        super.open(context);
        arrivals = new OutcomeArrivals(spec);
    }

    @Override
    void arrive(Outcome outcome, ConsumerRecord<byte[], byte[]> consumed, Codec<Outcome> codec, Consumer<Arrival> out) {
        arrivals.tell(outcome, consumed.partition(), consumed.offset(), out)
                .ifPresent(problem -> out.accept(deadLetter(consumed, consumed.value(), problem)));
    }

    @Override
    long timeMicros(Outcome outcome) {
        return outcome.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.OUTCOMES;
    }
}
