package io.millrace.features.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.aggregate.AggregateEncoder;
import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityState;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.aggregate.MapTiles;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.aggregate.Router;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.FeatureValues;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What states make of labels that are corrected, against all outcomes at once. */
class CorrectedLabelsTest {
    private static final long SECOND = 1_000_000;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision:
              subject: user
              context: {country: categorical}
              candidate: {item: categorical, tags: categorical_set}
            feedback: {reward: {click: 1, like: 2}}
            features:
              all: {count: label, by: item}
              liked: {count: label, where: reward > 0, by: item, window: 1m, tile: 7s}
              fading: {count: label, where: reward > 0, by: user, half_life: 20s}
              worth: {sum: label.reward, by: item, window: 40s}
              mean: {mean: label.reward, by: [user, tags], half_life: 30s}
              mean_liked: {mean: label.reward, where: reward > 0, by: tags, set: each, half_life: 30s}
              least: {min: label.reward, by: item, window: 2m}
              most: {max: label.reward, where: reward < 2, by: user}
              newest: {last: label.reward, by: user}
              arms: {distinct: label.arm, where: reward > 0, by: item, window: 1m}
              odds: {rate: label, where: reward > 0, per: label, by: tags, as: log_odds}
              share: {rate: click, per: label, by: item, half_life: 1m}
              per_click: {rate: label, where: reward > 0, per: click, by: item, window: 1m}
              median: {quantile: label.reward, q: 0.5, by: user, window: 2m}
              often: {top_k: label.arm, where: reward > 0, by: item, k: 2}
              last3: {last_k: label.arm, where: reward > 0, by: user, k: 3, window: 2m}
              by_arm: {count_by: label.arm, where: reward > 0, by: user, half_life: 45s}
              since: {since_last: label, where: reward > 0, by: item, window: 30s}
              living: {count: label, by: item, ttl: 10s}
              living_odds: {rate: label, where: reward > 0, per: label, by: item, ttl: 10s}
            """, "shop.yaml");

    private final Router router = new Router(SPEC);
    private final OutcomeFacts facts = new OutcomeFacts(SPEC);
    private final AggregateEncoder encoder = new AggregateEncoder(SPEC);
    private final Map<Long, EntityState> states = new HashMap<>();
    private final Map<Long, FeatureValues> records = new HashMap<>();
    private final List<Outcome> log = new ArrayList<>();

    private record Label(String decision, String user, String item, List<String> tags, long closed, Double[] reward) {}

    private void happened(Outcome outcome) {
        long offset = log.size();
        log.add(outcome);
        router.route(facts.with(outcome), (group, entity, hits) -> {
            AggregateGroup of = router.groups().get(group);
            EntityState state = states.computeIfAbsent(entity, key -> new EntityState(of, null, new MapTiles()));
            state.take(Origin.OUTCOMES, 0, offset);
            hits.forEach(state::add);
            records.put(entity, EntityValues.record(of, entity, state));
        });
    }

    private void outcome(Label label, String kind, long timeMicros, ReplacedLabel replaced) {
        happened(new Outcome(
                kind + log.size(),
                label.decision,
                0,
                label.item,
                label.user,
                "arm" + label.decision.hashCode() % 4,
                kind,
                1.0,
                kind.equals("window"),
                label.reward[0],
                timeMicros,
                label.closed,
                "shop",
                SPEC.featureSet().version(),
                ByteBuffer.wrap(
                        vector(label.user, label.item, label.tags, label.closed).pack()),
                Map.of(),
                replaced));
    }

    private FeatureVector vector(String user, String item, List<String> tags, long timeMicros) {
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        new ValueEncoder(SPEC.decision().shared(), 0, (hash, field, value) -> {})
                .encode(Map.of("user", user, "country", "at"), "context", vector.clear(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeShared(vector, timeMicros, this::find);
        new ValueEncoder(SPEC.decision().candidate(), SPEC.featureSet().shared(), (hash, field, value) -> {})
                .encode(Map.of("item", item, "tags", tags), "candidate", vector.clearCandidate(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeCandidate(item, vector, timeMicros, this::find);
        return vector.unpack(vector.pack());
    }

    private EntityValues find(int group, long entity) {
        FeatureValues record = records.get(entity);
        return record == null ? null : EntityValues.of(record, router.groups().get(group));
    }

    private FeatureValues record(EntityName name) {
        AggregateGroup group = router.groups().stream()
                .filter(one -> one.by().equals(name.by()))
                .findFirst()
                .orElseThrow();
        return records.get(
                group.entity(name.hashes().stream().mapToLong(Long::longValue).toArray()));
    }

    private History history(FeatureVector vector, String item) {
        Set<EntityName> wanted = new HashSet<>();
        SPEC.aggregates().forEach(one -> wanted.addAll(new FeatureCheck(SPEC, one).entities(vector, item)));
        History history = new History(SPEC, wanted);
        OutcomeFacts read = new OutcomeFacts(SPEC);
        for (int offset = 0; offset < log.size(); offset++) {
            log.get(offset).getFeatures().rewind();
            history.add(Origin.OUTCOMES, 0, offset, read.with(log.get(offset)));
        }
        return history;
    }

    private static Label label(Random random, int number, long timeMicros) {
        List<String> tags = List.of("t0", "t1", "t2").subList(random.nextInt(3), 3);
        String user = "u" + random.nextInt(3);
        Double[] reward = {(double) random.nextInt(3)};
        return new Label("d" + number, user, "i" + random.nextInt(3), tags, timeMicros, reward);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasLoggedIsWhatTheLogSaysOfLabelsThatAreCorrected(long seed) {
        Random random = new Random(seed);
        long now = 1_700_000_000L * SECOND;
        List<Label> labels = new ArrayList<>();
        Map<String, Integer> compared = new HashMap<>();
        for (int n = 0; n < 1_200; n++) {
            now += random.nextInt(40) == 0 ? random.nextInt(90) * SECOND : random.nextInt(900_000);
            if (random.nextInt(3) > 0 || labels.isEmpty()) {
                Label label = label(random, n, now - random.nextInt(2) * random.nextInt((int) SECOND));
                labels.add(label);
                outcome(label, "window", label.closed, null);
            } else {
                Label label = labels.get(labels.size() - 1 - random.nextInt(Math.min(labels.size(), 60)));
                double wrong = label.reward[0];
                label.reward[0] = (double) random.nextInt(3);
                boolean isSame = wrong == label.reward[0];
                String kind = random.nextBoolean() ? "click" : "like";
                outcome(label, kind, now, isSame ? null : new ReplacedLabel(wrong, label.closed));
            }
            if (n % 12 == 0) {
                String item = "i" + random.nextInt(4);
                long read = now + random.nextInt((int) (50 * SECOND)) - SECOND;
                FeatureVector vector = vector("u" + random.nextInt(4), item, List.of("t0", "t2"), read);
                History history = history(vector, item);
                for (AggregateSpec aggregate : SPEC.aggregates()) {
                    FeatureCheck check = new FeatureCheck(SPEC, aggregate);
                    Comparison found = check.compare(vector, item, entity -> {
                        FeatureValues record = record(entity);
                        Reach reach = record == null ? Reach.NOTHING : Reach.of(record);
                        assertThat(history.tells(entity, reach, List.of(), true))
                                .isTrue();
                        return history.read(aggregate, entity, reach, read);
                    });
                    assertThat(found.differs())
                            .as("seed %s, %s, %s: %s", seed, n, aggregate.name(), found)
                            .isFalse();
                    compared.merge(aggregate.name(), found.isCertain() ? 1 : 0, Integer::sum);
                }
            }
        }
        assertThat(compared)
                .hasSize(SPEC.aggregates().size())
                .allSatisfy((name, times) ->
                        assertThat(times).as("certain of %s", name).isGreaterThan(60));
    }
}
