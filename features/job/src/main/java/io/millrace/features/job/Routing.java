package io.millrace.features.job;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.Router;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends what happened on to each entity that it is for. */
final class Routing {
    private final Router router;
    private final Origin origin;

    Routing(PipelineSpec spec, Origin origin) {
        this.router = new Router(spec);
        this.origin = origin;
    }

    /**
     * Gives one arrival for each entity, and if there is none, one of the time alone.
     *
     * @return why some of it was left out
     */
    Optional<Problem> route(Facts facts, int partition, long offset, Consumer<Arrival> out) {
        boolean[] any = new boolean[1];
        boolean all = router.route(facts, (group, entity, hits) -> {
            any[0] = true;
            byte[] packed = new PackedHits(group, origin, hits).pack();
            out.accept(new Arrival(Arrival.Kind.HITS, partition, offset, entity, facts.knownMicros(), packed));
        });
        if (!any[0]) {
            out.accept(Arrival.time(partition, offset, facts.timeMicros()));
        }
        return all
                ? Optional.empty()
                : Optional.of(new Problem(
                        "entities",
                        "more than " + Router.MOST_ENTITIES,
                        "sets with fewer combinations of elements; the other features have it"));
    }
}
