package io.millrace.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AggregateProblemsTest {
    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, context: {hour: categorical}, candidate: {item: categorical, age: numeric, tags: categorical_set}}
            feedback: {reward: {click: 1}}
            events: {sale: {entities: [user, item], values: {price: numeric, shop: categorical}}, visit: {entities: [user]}}
            features:
            """;

    private static final String KINDS = "one of click, label, sale, visit)";

    /** A feature {@code f} on line six, and what is wrong with it. */
    static Stream<Arguments> oneProblem() {
        return Stream.of(
                Arguments.of("{count: sail, by: user}", "6:14: features.f.count: sail (expected: a kind: " + KINDS),
                Arguments.of("{count: zebra, by: user}", "6:14: features.f.count: zebra (expected: a kind: " + KINDS),
                Arguments.of(
                        "{sum: sale.prize, by: user}",
                        "6:12: features.f.sum: sale.prize (expected: sale.FIELD with a numeric field: price?)"),
                Arguments.of(
                        "{sum: sale, by: user}",
                        "6:12: features.f.sum: sale (expected: sale.FIELD with a numeric field: one of price)"),
                Arguments.of(
                        "{sum: visit.price, by: user}",
                        "6:12: features.f.sum: visit.price (expected: visit.FIELD with a numeric field: it has none)"),
                Arguments.of(
                        "{count: sale.price, by: user}",
                        "6:14: features.f.count: sale.price (expected: a kind without a field: sale)"),
                Arguments.of(
                        "{distinct: sale.price, by: user}",
                        "6:17: features.f.distinct: sale.price (expected: sale.FIELD with a categorical field: one of item,"
                                + " shop, user)"),
                Arguments.of(
                        "{by: user}",
                        "6:3: features.f: no function (expected: one of count, sum, mean, min, max, last, rate, distinct,"
                                + " quantile, top_k, last_k, count_by, age, since_last)"),
                Arguments.of(
                        "{count: sale, sum: sale.price, by: user}",
                        "6:3: features.f: count, sum (expected: one of count, sum, mean, min, max, last, rate, distinct,"
                                + " quantile, top_k, last_k, count_by, age, since_last)"),
                Arguments.of(
                        "{count: sale}",
                        "6:6: features.f.by: missing (expected: a categorical feature of the decision, or a list of up"
                                + " to 4)"),
                Arguments.of(
                        "{count: sale, by: uzer}",
                        "6:24: features.f.by: uzer (expected: a categorical feature or set of the decision: user?)"),
                Arguments.of(
                        "{count: sale, by: age}",
                        "6:24: features.f.by: age (expected: a categorical feature or set of the decision: one of hour, item,"
                                + " tags, user)"),
                Arguments.of(
                        "{count: visit, by: [user, item]}",
                        "6:32: features.f.by: item (expected: an entity of visit: one of user)"),
                Arguments.of(
                        "{count: sale, by: [user, user]}",
                        "6:24: features.f.by: [user, user] (expected: 1 to 4 different features)"),
                Arguments.of(
                        "{count: sale, by: user, window: 1h, tile: 2h}",
                        "6:48: features.f.tile: 2h (expected: at most the window, 1h, and at least a thousandth of it)"),
                Arguments.of(
                        "{count: sale, by: user, tile: 2h}",
                        "6:36: features.f.tile: 2h (expected: only with a window)"),
                Arguments.of(
                        "{count: sale, by: user, window: 60}",
                        "6:38: features.f.window: 60 (expected: a duration with its unit (us, ms, s, m, h, d), 1ms to"
                                + " 3650d)"),
                Arguments.of(
                        "{count: sale, by: user, window: 1h, half_life: 1h}",
                        "6:53: features.f.half_life: 1h (expected: not both, half_life and window)"),
                Arguments.of(
                        "{min: sale.price, by: user, half_life: 1h}",
                        "6:45: features.f.half_life: 1h (expected: no half_life with min: a window, or neither)"),
                Arguments.of(
                        "{count: sale, by: user, window: 1h, ttl: 59m}",
                        "6:47: features.f.ttl: 59m (expected: at least the window, 1h)"),
                Arguments.of(
                        "{rate: sale, by: user}",
                        "6:13: features.f.per: missing (expected: the kind that it is a share of)"),
                Arguments.of(
                        "{count: sale, per: visit, by: user}",
                        "6:25: features.f.per: visit (expected: only with rate)"),
                Arguments.of(
                        "{rate: sale, per: visits, by: user}",
                        "6:24: features.f.per: visits (expected: a kind: visit?)"),
                Arguments.of(
                        "{count: sale, by: user, where: price >}",
                        "6:37: features.f.where: at position 8, end (expected: a number)"),
                Arguments.of(
                        "{count: sale, by: user, where: \"price > 3 und shop == 'a'\"}",
                        "6:37: features.f.where: at position 11, und shop == 'a' (expected: and, or, or the end)"),
                Arguments.of(
                        "{count: sale, by: user, where: prise > 3}",
                        "6:37: features.f.where: prise (expected: a numeric field of sale: price?)"),
                Arguments.of(
                        "{count: sale, by: user, where: shop > 3}",
                        "6:37: features.f.where: shop (expected: a numeric field of sale: one of price)"),
                Arguments.of(
                        "{count: sale, by: user, k: 3}",
                        "6:30: features.f.k: given (expected: only with top_k or last_k)"),
                Arguments.of(
                        "{count: sale, by: user, q: 0.3}", "6:30: features.f.q: given (expected: only with quantile)"),
                Arguments.of(
                        "{count: sale, by: user, prior: {rate: 0.1}}",
                        "6:30: features.f.prior: given (expected: only with rate)"),
                Arguments.of(
                        "{count: sale, by: user, set: each}",
                        "6:30: features.f.set: given (expected: only with a set in by and a function that gives a number)"),
                Arguments.of(
                        "{count: sale, by: user, widow: 1h}", "6:30: features.f.widow: unknown (expected: window?)"),
                Arguments.of(
                        "{last_k: label.item, by: tags}",
                        "6:31: features.f.by: [tags] (expected: no set: last_k has one value for each entity)"),
                Arguments.of("5", "6:6: features.f: 5 (expected: a mapping of settings)"));
    }

    @ParameterizedTest
    @MethodSource("oneProblem")
    void tellsWhatIsWrongAndWhere(String feature, String expected) {
        SpecException thrown = catchThrowableOfType(
                SpecException.class, () -> SpecReader.read(HEAD + "  f: " + feature + "\n", "s.yaml"));
        assertThat(thrown).as(feature).isNotNull();
        assertThat(thrown.problems()).extracting(Object::toString).containsExactly(expected);
    }

    @Test
    void aNameIsTakenOnce() {
        SpecException thrown = catchThrowableOfType(
                SpecException.class, () -> SpecReader.read(HEAD + "  age: {count: sale, by: user}\n", "s.yaml"));
        assertThat(thrown.problems())
                .extracting(Object::toString)
                .containsExactly("6:3: features.age: declared before (expected: a name of its own)");
    }

    @Test
    void anEventIsNoFeedback() {
        SpecException thrown = catchThrowableOfType(
                SpecException.class,
                () -> SpecReader.read(HEAD.replace("visit:", "click:") + "  f: {count: sale, by: user}\n", "s.yaml"));
        assertThat(thrown.problems())
                .extracting(Object::toString)
                .anyMatch(problem -> problem.contains("events.click: a kind of feedback, too"));
    }

    @Test
    void aFieldThatCannotBeToldFromAFeatureIsNotKnown() {
        String text =
                HEAD.replace("age: numeric", "age: numeric, value: numeric").replace("hour:", "arm:");
        SpecException thrown = catchThrowableOfType(SpecException.class, () -> SpecReader.read(text + """
                          a: {count: label, by: arm}
                          b: {sum: click.value, by: item}
                        """, "s.yaml"));
        assertThat(thrown.problems())
                .extracting(Object::toString)
                .anyMatch(problem -> problem.contains("features.a.by: arm (expected: an entity of label"))
                .anyMatch(problem -> problem.contains("features.b.sum: click.value (expected: click.FIELD"));
    }

    @Test
    void aHalfLifeOfYearsHasAMeaning() {
        PipelineSpec spec = SpecReader.read(HEAD + "  f: {count: sale, by: user, half_life: 3650d}\n", "s.yaml");
        assertThat(spec.aggregates().get(0).meaning()).isEqualTo("count sale by user half_life 3650d ttl 182500d");
    }

    @Test
    void readsAll() {
        PipelineSpec spec = SpecReader.read(HEAD + """
                  sales: {count: sale, by: item, where: "price > 10 and not (shop == 'a' or shop in ['b', \\"c\\"])", window: 1h, tile: 1m}
                  liked: {rate: label, where: reward > 0, per: label, by: [user, tags], as: log_odds, half_life: 2d, set: each}
                  bought: {last_k: sale.shop, by: user, k: 3}
                crosses: [[user, bought], [hour, liked]]
                bins: {sales: 5}
                """, "s.yaml");
        assertThat(spec.featureSet().features())
                .extracting(Object::toString)
                .anyMatch(feature -> feature.contains("bought"));
        assertThat(spec.featureSet().shared()).as("user, hour, bought").isEqualTo(3);
        AggregateSpec sales = spec.aggregates().get(0);
        assertThat(sales.horizon()).isEqualTo(new Horizon.Window(Duration.ofHours(1), Duration.ofMinutes(1)));
        assertThat(String.valueOf(sales.where()))
                .isEqualTo("(price > 10) and (not ((shop in ['a']) or (shop in ['b', 'c'])))");
        AggregateSpec liked = spec.aggregates().get(1);
        assertThat(liked.ttl()).isEqualTo(Duration.ofDays(100));
        assertThat(liked.each()).isTrue();
        assertThat(liked.prior()).isEqualTo(new AggregateSpec.Prior(0.5, 2, true));
        assertThat(spec.crosses()).isEqualTo(List.of(List.of("user", "bought"), List.of("hour", "liked")));
    }
}
