package io.millrace.features.job;

import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.aggregate.Facts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.Optional;

/** Reads events. */
final class EventReader extends HitReader<Event> {
    private static final long serialVersionUID = 1L;

    private transient EventFacts facts;

    EventReader(PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(Event.class, spec, kafka, patience, clock);
    }

    @Override
    void open(PipelineSpec pipeline) {
        facts = new EventFacts();
    }

    @Override
    Optional<Facts> facts(Event value) {
        return Optional.of(facts.with(value));
    }

    @Override
    long timeMicros(Event value) {
        return value.getTimeMicros();
    }

    @Override
    Topic topic() {
        return Topic.EVENTS;
    }
}
