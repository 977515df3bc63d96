package io.millrace.local.demo;

import io.millrace.features.aggregate.AggregateEncoder;
import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.aggregate.Hit;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.aggregate.Router;
import io.millrace.features.aggregate.Tiles;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The streaming features of a spec over final outcomes, without Flink and Kafka. */
final class StreamedFeatures implements EntitySource {
    private final PipelineSpec spec;
    private final Router router;
    private final OutcomeFacts facts;
    private final AggregateEncoder encoder;
    private final Map<Long, EntityState> states = new HashMap<>();
    private final Map<Long, EntityValues> values = new HashMap<>();

    StreamedFeatures(PipelineSpec spec) {
        this.spec = spec;
        this.router = new Router(spec);
        this.facts = new OutcomeFacts(spec);
        this.encoder = new AggregateEncoder(spec);
    }

    void encodeShared(Request request, FeatureVector vector) {
        encoder.encodeShared(vector, request.timeMicros(), this);
    }

    void encodeCandidate(Request request, int candidate, FeatureVector vector) {
        encoder.encodeCandidate(request.item(candidate), vector, request.timeMicros(), this);
    }

    void add(Request request, Reaction reaction, double reward, byte[] features) {
        Outcome outcome = new Outcome(
                request.id() + reaction.item(),
                request.id(),
                0,
                reaction.item(),
                request.subject(),
                "learned",
                reaction.kind(),
                reaction.value(),
                true,
                reward,
                request.timeMicros(),
                request.timeMicros(),
                "",
                spec.featureSet().version(),
                ByteBuffer.wrap(features),
                Map.of(),
                null);
        router.route(facts.with(outcome), this::add);
    }

    private void add(int group, long entity, List<Hit> hits) {
        AggregateGroup of = router.groups().get(group);
        EntityState state = states.computeIfAbsent(entity, key -> new EntityState(of, null, new MapTiles()));
        hits.forEach(state::add);
        values.put(entity, EntityValues.of(EntityValues.record(of, entity, state), of));
    }

    @Override
    public @Nullable EntityValues find(int group, long entity) {
        return values.get(entity);
    }

    private static final class MapTiles implements Tiles {
        private final Map<Long, TreeMap<Long, byte[]>> tiles = new HashMap<>();

        private TreeMap<Long, byte[]> of(long aggregate) {
            return tiles.computeIfAbsent(aggregate, key -> new TreeMap<>());
        }

        @Override
        public byte @Nullable [] get(long aggregate, long tile) {
            return of(aggregate).get(tile);
        }

        @Override
        public void put(long aggregate, long tile, byte[] state) {
            of(aggregate).put(tile, state);
        }

        @Override
        public void remove(long aggregate, long tile) {
            of(aggregate).remove(tile);
        }

        @Override
        public void forEach(long aggregate, Visitor visitor) {
            of(aggregate).forEach(visitor::tile);
        }
    }
}
