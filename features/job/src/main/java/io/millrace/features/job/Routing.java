package io.millrace.features.job;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.aggregate.Router;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends what happened on to each entity that it is for. */
final class Routing {
    private final Router router;

    Routing(PipelineSpec spec) {
        this.router = new Router(spec);
    }

    /**
     * Gives one arrival for each entity.
     *
     * @return why some of it was left out
     */
    Optional<Problem> route(Facts facts, int partition, long offset, Consumer<Arrival> out) {
        boolean all = router.route(
                facts,
                (group, entity, hits) -> out.accept(new Arrival(
                        Arrival.Kind.HITS,
                        partition,
                        offset,
                        entity,
                        facts.timeMicros(),
                        new PackedHits(group, hits).pack())));
        return all
                ? Optional.empty()
                : Optional.of(new Problem(
                        "entities",
                        "more than " + Router.MOST_ENTITIES,
                        "sets with fewer combinations of elements; the other features have it"));
    }
}
