package io.millrace.features.job;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.Optional;

/** Reads outcomes; those of another feature set are passed over, since their features mean something else. */
final class OutcomeReader extends HitReader<Outcome> {
    private static final long serialVersionUID = 1L;

    private transient OutcomeFacts facts;

    OutcomeReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Outcome.class, spec, kafka, patience, clock);
    }

    @Override
    void open(PipelineSpec pipeline) {
        facts = new OutcomeFacts(pipeline);
    }

    @Override
    Optional<Facts> facts(Outcome value) {
        return facts.understands(value) ? Optional.of(facts.with(value)) : Optional.empty();
    }

    @Override
    long timeMicros(Outcome value) {
        return value.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.OUTCOMES;
    }
}
