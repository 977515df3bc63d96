package io.millrace.features.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Event;
import io.millrace.record.Outcome;
import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From what happened, over routes and records, to what stands in a vector. */
class AggregateEncoderTest {
    private static final long HOUR = 3_600_000_000L;
    private static final long NOW = 1_700_000_000L * 1_000_000;

    private final Map<String, Object> context = Map.of("user", "u1", "country", "at");
    private final Map<Long, EntityState> states = new HashMap<>();
    private final Map<Long, EntityValues> values = new HashMap<>();
    private PipelineSpec spec = TestingAggregates.pipeline();
    private Router router = new Router(spec);
    private int events;

    private void pipeline(String... features) {
        spec = TestingAggregates.pipeline(features);
        router = new Router(spec);
    }

    private void happened(Facts facts) {
        assertThat(router.route(facts, (group, entity, hits) -> {
                    AggregateGroup of = router.groups().get(group);
                    EntityState state =
                            states.computeIfAbsent(entity, key -> new EntityState(of, null, new MapTiles()));
                    hits.forEach(state::add);
                    values.put(entity, EntityValues.of(EntityValues.record(of, entity, state), of));
                }))
                .isTrue();
    }

    private void sale(String user, String item, long timeMicros, double price, String shop, String... tags) {
        happened(new EventFacts()
                .with(new Event(
                        "e" + events++,
                        "sale",
                        timeMicros,
                        Map.of("user", user, "item", item),
                        Map.of("price", price, "shop", shop, "tags", List.of(tags)))));
    }

    private void label(String item, double reward, List<String> tags) {
        FeatureVector vector = vector(item, tags, NOW);
        happened(new OutcomeFacts(spec)
                .with(new Outcome(
                        "o" + events++,
                        "d",
                        0,
                        item,
                        "u1",
                        "learned",
                        reward > 0 ? "click" : "window",
                        1.0,
                        true,
                        reward,
                        NOW,
                        NOW,
                        "shop",
                        spec.featureSet().version(),
                        ByteBuffer.wrap(vector.pack()),
                        Map.of(),
                        null)));
    }

    private FeatureVector vector(String item, List<String> tags, long timeMicros) {
        AggregateEncoder encoder = new AggregateEncoder(spec);
        FeatureVector vector = new FeatureVector(spec.featureSet());
        EntitySource source = (group, entity) -> values.get(entity);
        new ValueEncoder(spec.decision().shared(), 0, (hash, field, value) -> {})
                .encode(context, "context", vector.clear(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeShared(vector, timeMicros, source);
        new ValueEncoder(spec.decision().candidate(), spec.featureSet().shared(), (hash, field, value) -> {})
                .encode(Map.of("item", item, "tags", tags), "candidate", vector.clearCandidate(), problem -> {
                    throw new AssertionError(problem);
                });
        encoder.encodeCandidate(item, vector, timeMicros, source);
        return vector.unpack(vector.pack());
    }

    private double numeric(FeatureVector vector, String feature) {
        int position = spec.featureSet().indexOf(feature);
        return vector.isPresent(position) ? vector.value(vector.from(position)) : Double.NaN;
    }

    private long[] hashes(FeatureVector vector, String feature) {
        int position = spec.featureSet().indexOf(feature);
        return Arrays.copyOfRange(vector.hashes(), vector.from(position), vector.to(position));
    }

    private static long hash(String feature, String field, String value) {
        return FeatureHash.combine(
                FeatureHash.of(feature).hash(""), FeatureHash.of(field).hash(value));
    }

    @Test
    void whatNothingHappenedToHasNoCountTheRateOfThePriorAndNoMean() {
        pipeline(
                "n: {count: sale, by: item}",
                "share: {rate: sale, per: visit, by: user, prior: {rate: 0.2, strength: 5}}",
                "odds: {rate: sale, per: visit, by: user, as: log_odds, prior: {rate: 0.2}}",
                "none: {rate: sale, per: visit, by: user, prior: {strength: 0}}",
                "mean: {mean: sale.price, by: item}",
                "bought: {last_k: sale.item, by: user}");
        FeatureVector vector = vector("i1", List.of(), NOW);
        assertThat(numeric(vector, "n")).isZero();
        assertThat(numeric(vector, "share")).isCloseTo(0.2, within(1e-6));
        assertThat(numeric(vector, "odds")).isCloseTo(Math.log(0.25), within(1e-6));
        assertThat(numeric(vector, "none")).isNaN();
        assertThat(numeric(vector, "mean")).isNaN();
        assertThat(vector.isPresent(spec.featureSet().indexOf("bought"))).isFalse();
    }

    @Test
    void onlyWhatTheFilterTakesCounts() {
        pipeline(
                "dear: {count: sale, by: item, where: price >= 10}",
                "here: {count: sale, by: item, where: \"shop in ['s1', 's2'] and not price > 100\"}",
                "tagged: {count: sale, by: item, where: tags == 'new'}",
                "untagged: {count: sale, by: item, where: tags != 'new'}");
        sale("u1", "i1", NOW, 10, "s1", "new", "red");
        sale("u1", "i1", NOW, 9, "s3", "red");
        sale("u2", "i1", NOW, 200, "s2");
        FeatureVector vector = vector("i1", List.of(), NOW);
        assertThat(numeric(vector, "dear")).isEqualTo(2);
        assertThat(numeric(vector, "here")).isEqualTo(1);
        assertThat(numeric(vector, "tagged")).isEqualTo(1);
        assertThat(numeric(vector, "untagged"))
                .as("a missing field fulfils nothing")
                .isEqualTo(1);
    }

    @Test
    void theValueIsThatOfTheTimeAtWhichItIsRead() {
        pipeline(
                "recent: {count: sale, by: item, window: 1h, tile: 1m}",
                "decayed: {sum: sale.price, by: item, half_life: 1h}",
                "since: {since_last: sale, by: item}",
                "mean: {mean: sale.price, by: item, half_life: 1h}");
        sale("u1", "i1", NOW, 8, "s");
        FeatureVector later = vector("i1", List.of(), NOW + HOUR);
        assertThat(numeric(later, "recent"))
                .as("the tail is rounded down to a tile")
                .isEqualTo(1);
        assertThat(numeric(later, "decayed")).isEqualTo(4);
        assertThat(numeric(later, "since")).isEqualTo(3600);
        assertThat(numeric(later, "mean")).isEqualTo(8);
        FeatureVector afterwards = vector("i1", List.of(), NOW + HOUR + HOUR / 60);
        assertThat(numeric(afterwards, "recent"))
                .as("nobody said so: it expires all the same")
                .isZero();
    }

    @Test
    void ofASetEachElementCountsAndTheMeanOfThemIsRead() {
        pipeline(
                "liked: {rate: label, where: reward > 0, per: label, by: [user, tags], prior: {rate: 0.5, strength: 2}}",
                "each: {count: label, by: [user, tags], set: each}");
        label("i1", 1, List.of("a", "b"));
        label("i2", 0, List.of("b"));
        FeatureVector vector = vector("i3", List.of("a", "b"), NOW);
        assertThat(numeric(vector, "liked")).isCloseTo((2.0 / 3 + 2.0 / 4) / 2, within(1e-6));
        assertThat(hashes(vector, "each"))
                .containsExactlyInAnyOrder(hash("each", "tags", "a"), hash("each", "tags", "b"));
        int from = vector.from(spec.featureSet().indexOf("each"));
        assertThat(List.of(vector.value(from), vector.value(from + 1))).containsExactlyInAnyOrder(1f, 2f);
        assertThat(numeric(vector("i3", List.of(), NOW), "liked"))
                .as("no element, no value")
                .isNaN();
    }

    @Test
    void categoriesAreThoseOfTheFeatureNotOfTheFieldTheyCameFrom() {
        pipeline(
                "bought: {last_k: sale.item, by: user, k: 2}",
                "top: {top_k: sale.shop, by: user, k: 1}",
                "shops: {count_by: sale.shop, by: user, half_life: 1h}");
        sale("u1", "i1", NOW, 1, "s1");
        sale("u1", "i3", NOW + 2, 1, "s2");
        sale("u1", "i2", NOW + 1, 1, "s2");
        FeatureVector vector = vector("i9", List.of(), NOW + HOUR);
        assertThat(hashes(vector, "bought"))
                .containsExactly(hash("bought", "item", "i2"), hash("bought", "item", "i3"));
        assertThat(hashes(vector, "top")).containsExactly(hash("top", "shop", "s2"));
        assertThat(hashes(vector, "shops"))
                .containsExactlyInAnyOrder(hash("shops", "shop", "s1"), hash("shops", "shop", "s2"));
        int from = vector.from(spec.featureSet().indexOf("shops"));
        assertThat((double) vector.value(from) + vector.value(from + 1)).isCloseTo(1.5, within(1e-6));
    }

    @Test
    void aNumberThatNoFeatureCouldHoldDoesNotCount() {
        pipeline("high: {quantile: sale.price, q: 0.9, by: item}", "sum: {sum: sale.price, by: item}");
        sale("u1", "i1", NOW, Double.MAX_VALUE, "s");
        sale("u1", "i1", NOW, 5, "s");
        assertThat(numeric(vector("i1", List.of(), NOW), "sum")).isEqualTo(5);
    }

    @Test
    void whatIsReadForTooManyEntitiesIsMissing() {
        pipeline("n: {count: label, by: [tags, item]}");
        List<String> tags = IntStream.rangeClosed(0, Router.MOST_ENTITIES)
                .mapToObj(i -> "t" + i)
                .toList();
        assertThat(numeric(vector("i1", tags, NOW), "n")).isNaN();
        assertThat(numeric(vector("i1", tags.subList(1, tags.size()), NOW), "n"))
                .isZero();
    }

    @Test
    void anEventIsNoFeedback() {
        pipeline("n: {count: click, by: item}");
        happened(new EventFacts().with(new Event("e", "sale", NOW, Map.of("item", "i1"), Map.of())));
        assertThat(numeric(vector("i1", List.of(), NOW), "n")).isZero();
    }

    @Test
    void whatIsForTooManyEntitiesIsRefusedAsAWhole() {
        pipeline("n: {count: label, by: [tags, item]}", "all: {count: label, by: item}");
        List<String> tags = IntStream.rangeClosed(0, Router.MOST_ENTITIES)
                .mapToObj(i -> "t" + i)
                .toList();
        FeatureVector vector = vector("i1", tags, NOW);
        int[] told = new int[1];
        boolean all = router.route(
                new OutcomeFacts(spec)
                        .with(new Outcome(
                                "o",
                                "d",
                                0,
                                "i1",
                                "u1",
                                "learned",
                                "window",
                                1.0,
                                true,
                                0.0,
                                NOW,
                                NOW,
                                "shop",
                                spec.featureSet().version(),
                                ByteBuffer.wrap(vector.pack()),
                                Map.of(),
                                null)),
                (group, entity, hits) -> told[0]++);
        assertThat(all).isFalse();
        assertThat(told[0]).as("the other group has it").isEqualTo(1);
    }

    @Test
    void anOutcomeOfAnotherFeatureSetCountsWhereItSaysItselfWhatIsAskedFor() {
        pipeline(
                "by_item: {count: label, by: item}",
                "by_user: {count: label, by: user}",
                "by_both: {mean: label.reward, by: [user, item]}",
                "liked: {rate: label, where: reward > 0 and arm == 'learned', per: label, by: item, prior: {rate: 0.5, strength: 0}}",
                "by_tag: {count: label, by: tags}",
                "by_tag_too: {count: label, by: [item, tags]}",
                "tagged: {rate: label, where: not (tags == 'x'), per: label, by: item, prior: {rate: 0.5, strength: 1}}",
                "tags_seen: {distinct: label.tags, by: item}");
        for (double reward : new double[] {1, 0, 1, 1}) {
            happened(new OutcomeFacts(spec)
                    .with(new Outcome(
                            "o" + events++,
                            "d",
                            0,
                            "i1",
                            "u1",
                            "learned",
                            "window",
                            1.0,
                            true,
                            reward,
                            NOW,
                            NOW,
                            "shop",
                            spec.featureSet().version() + 1,
                            ByteBuffer.wrap(new byte[] {1, 2, 3}),
                            Map.of(),
                            null)));
        }
        FeatureVector vector = vector("i1", List.of("x"), NOW);
        assertThat(numeric(vector, "by_item")).isEqualTo(4);
        assertThat(numeric(vector, "by_user")).isEqualTo(4);
        assertThat(numeric(vector, "by_both")).isEqualTo(0.75);
        assertThat(numeric(vector, "liked")).isEqualTo(0.75);
        assertThat(numeric(vector, "by_tag")).isZero();
        assertThat(numeric(vector, "by_tag_too")).isZero();
        assertThat(numeric(vector, "tagged")).as("nothing but the prior").isEqualTo(0.5);
        assertThat(numeric(vector, "tags_seen")).isNotPositive();
    }
}
