package io.millrace.features.job;

import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What outcomes travel on as, to each entity that they are for: the join writes each once. Not thread-safe.
 */
final class OutcomeArrivals {
    private final OutcomeFacts facts;
    private final Routing routing;

    OutcomeArrivals(PipelineSpec spec) {
        this.facts = new OutcomeFacts(spec);
        this.routing = new Routing(spec, Origin.OUTCOMES);
    }

    /** @return why it, or some of it, was left out */
    Optional<String> tell(Outcome outcome, int partition, long offset, Consumer<Arrival> out) {
        try {
            return routing.route(facts.with(outcome), partition, offset, out).map(Problem::toString);
        } catch (MalformedVectorException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
