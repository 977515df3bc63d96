package io.millrace.features.job;

import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads outcomes into what they mean for each entity: the join writes each once. Those of another feature set are passed over,
 * since their features mean something else.
 */
final class OutcomeReader extends ArrivalReader<Outcome> {
    private static final long serialVersionUID = 1L;

    private final PipelineSpec spec;
    private transient OutcomeFacts facts;
    private transient Routing routing;

    OutcomeReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Outcome.class, kafka, patience, AggregateJob.COMPONENT, clock);
        this.spec = spec;
    }

    @Override
    public void open(InitializationContext context) {
        super.open(context);
        facts = new OutcomeFacts(spec);
        routing = new Routing(spec, Origin.OUTCOMES);
    }

    @Override
    void arrive(Outcome outcome, ConsumerRecord<byte[], byte[]> consumed, Codec<Outcome> codec, Consumer<Arrival> out) {
        if (!facts.understands(outcome)) {
            out.accept(Arrival.time(consumed.partition(), consumed.offset(), outcome.getTimeMicros()));
            return;
        }
        try {
            routing.route(facts.with(outcome), consumed.partition(), consumed.offset(), out)
                    .ifPresent(problem -> out.accept(deadLetter(consumed, consumed.value(), problem.toString())));
        } catch (MalformedVectorException e) {
            out.accept(deadLetter(consumed, consumed.value(), String.valueOf(e.getMessage())));
        }
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
