package io.millrace.features.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecDiffTest {
    private static final String MOVIES = """
            pipeline: movies
            decision:
              subject: user
              context: {hour: categorical, temperature: numeric}
              candidate: {item: categorical, genres: categorical_set, age: numeric}
              slots: 1
              log: shown
            feedback: {reward: {click: 1.0, like: 2.0}, final: [rating], window: 30m, late: 7d}
            crosses: [[user, genres], [hour, genres]]
            bins: {age: 2.5}
            model: {learner: ftrl}
            policy: {explore: epsilon_greedy, epsilon: 0.05, control: 0.1, popularity: 0.1}
            snapshot: {every: 100ms, base: 1m, guard: {margin: 7%, window: 2000}}
            """;

    /** Of each row: the model, what of the spec is replaced by what, and the one change that is found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ftrl             | slots: 1               | slots: 3                   | harmless   | decision.slots: 1 -> 3
            ftrl             | log: shown             | log: sample(0.1)           | harmless   | decision.log: shown -> sample(0.1)
            ftrl             | log: shown             | log: all                   | harmless   | decision.log: shown -> all
            ftrl             | epsilon: 0.05          | epsilon: 0.1               | harmless   | policy.epsilon: 0.05 -> 0.1
            ftrl             | control: 0.1           | control: 0.2               | harmless   | policy.control: 0.1 -> 0.2
            ftrl             | popularity: 0.1        | popularity: 0.2            | harmless   | policy.popularity.share: 0.1 -> 0.2
            ftrl             | margin: 7%             | margin: 50%                | harmless   | snapshot.guard.margin: 7% -> 50%
            ftrl             | window: 2000           | window: 500                | harmless   | snapshot.guard.window: 2000 -> 500
            ftrl             | {margin: 7%, window: 2000} | off                    | harmless   | snapshot.guard: on -> off
            ftrl             | every: 100ms           | every: 1s                  | harmless   | snapshot.every: 100ms -> 1s
            ftrl             | base: 1m               | base: 60s                  | harmless   |
            ftrl             | base: 1m               | base: 2m                   | harmless   | snapshot.base: 1m -> 2m
            ftrl             | pipeline: movies       | pipeline: films            | continues  | pipeline: movies -> films
            ftrl             | click: 1.0             | click: 0.5                 | continues  | feedback.reward.click: 1 -> 0.5
            ftrl             | click: 1.0             | click: 1.0, buy: 3         | continues  | feedback.reward.buy: none -> 3
            ftrl             | , like: 2.0            | ``                         | continues  | feedback.reward.like: 2 -> none
            ftrl             | [rating]               | [rating, like]             | continues  | feedback.final: [rating] -> [like, rating]
            ftrl             | window: 30m            | window: 1h                 | continues  | feedback.window: 30m -> 1h
            ftrl             | late: 7d               | late: 8d                   | continues  | feedback.late: 7d -> 8d
            ftrl             | hour: categorical      | hour: categorical, day: categorical | continues | decision.context.day: none -> categorical
            ftrl             | item: categorical      | item: categorical, price: numeric | continues | decision.candidate.price: none -> numeric
            auto             | item: categorical      | item: categorical, tags: sequence | continues | decision.candidate.tags: none -> sequence
            auto             | item: categorical      | item: categorical, price: numeric | converts | decision.candidate.price: none -> numeric
            deep             | item: categorical      | item: categorical, tags: sequence | relearns | decision.candidate.tags: none -> sequence
            fm               | item: categorical      | item: categorical, tags: sequence | continues | decision.candidate.tags: none -> sequence
            ftrl             | , temperature: numeric | ``                         | continues  | decision.context.temperature: numeric -> none
            auto             | , temperature: numeric | ``                         | converts   | decision.context.temperature: numeric -> none
            ftrl             | hour: categorical, temperature: numeric | temperature: numeric, hour: categorical | continues | decision.context: hour, temperature -> temperature, hour
            auto             | hour: categorical, temperature: numeric | temperature: numeric, hour: categorical | continues | decision.context: hour, temperature -> temperature, hour
            deep             | hour: categorical, temperature: numeric | temperature: numeric, hour: categorical | relearns | decision.context: hour, temperature -> temperature, hour
            ftrl             | temperature: numeric   | temperature: categorical   | impossible | decision.context.temperature: numeric -> categorical
            ftrl             | genres: categorical_set | genres: sequence          | impossible | decision.candidate.genres: categorical_set -> sequence
            ftrl             | [user, genres], [hour, genres] | [user, genres]     | continues  | crosses[1]: [hour, genres] -> none
            deep             | [user, genres]         | [user, genres], [user, item] | continues | crosses[1]: none -> [user, item]
            ftrl             | [user, genres]         | [genres, user]             | relearns   | crosses[0]: [user, genres] -> [genres, user]
            ftrl             | [user, genres], [hour, genres] | [hour, genres], [user, genres] | continues | crosses: [[user, genres], [hour, genres]] -> [[hour, genres], [user, genres]]
            ftrl             | {age: 2.5}             | {age: 2}                   | relearns   | bins.age: 2.5 -> 2
            ftrl             | {age: 2.5}             | {age: quantiles(8)}        | relearns   | bins.age: 2.5 -> quantiles(8)
            ftrl             | {age: 2.5}             | {}                         | relearns   | bins.age: 2.5 -> none
            auto             | {age: 2.5}             | {age: 2.5, temperature: quantiles} | relearns | bins.temperature: none -> quantiles(16)
            ftrl             | learner: ftrl          | learner: coin              | relearns   | model.learner: ftrl -> coin
            ftrl             | learner: ftrl          | learner: auto              | relearns   | model.learner: ftrl -> auto
            ftrl             | learner: ftrl          | learner: ftrl, loss: squared | relearns | model.loss: logistic -> squared
            ftrl             | learner: ftrl          | learner: ftrl, bits: 20    | relearns   | model.bits: 22 -> 20
            ftrl             | learner: ftrl          | learner: ftrl, seed: 1     | relearns   | model.seed: 0 -> 1
            ftrl             | learner: ftrl          | learner: ftrl, offset: temperature | relearns | model.offset: none -> temperature
            ftrl             | learner: ftrl          | learner: ftrl, ids: {table: exact} | relearns | model.ids.table: hashed -> exact
            auto             | learner: auto          | learner: auto, drift: ignore | continues | model.drift: react -> ignore
            ftrl             | learner: ftrl          | learner: ftrl, alpha: 0.1  | harmless   |
            ftrl             | learner: ftrl          | learner: ftrl, alpha: 0.2  | converts   | model.alpha: 0.1 -> 0.2
            ftrl             | learner: ftrl          | learner: ftrl, beta: 0     | converts   | model.beta: 1 -> 0
            fm               | learner: fm            | learner: fm, l1: 0.5       | converts   | model.l1: 0 -> 0.5
            deep             | learner: deep          | learner: deep, l2: 1       | converts   | model.l2: 0 -> 1
            normalized       | learner: normalized    | learner: normalized, rate: 1 | continues | model.rate: 0.5 -> 1
            coin             | learner: coin          | learner: coin, wealth: 1   | relearns   | model.wealth: 4 -> 1
            fm               | learner: fm            | learner: fm, factors: 4    | relearns   | model.factors: 8 -> 4
            fm               | learner: fm            | learner: fm, factor_alpha: 1 | continues | model.factor_alpha: 0.5 -> 1
            deep             | learner: deep          | learner: deep, factor_l2: 0 | continues | model.factor_l2: 0.0001 -> 0
            deep             | learner: deep          | learner: deep, layers: 1   | relearns   | model.layers: 2 -> 1
            deep             | learner: deep          | learner: deep, width: 32   | relearns   | model.width: 64 -> 32
            deep             | learner: deep          | learner: deep, batch: 32   | continues  | model.batch: 16 -> 32
            deep             | learner: deep          | learner: deep, tower_alpha: 1 | continues | model.tower_alpha: 0.001 -> 1
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | admit: 3 | admit: 2  | continues | model.ids.admit: 3 -> 2
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | admit: 3 | admit: 4  | relearns  | model.ids.admit: 3 -> 4
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | forget: 1d | forget: 2d | converts | model.ids.forget: 1d -> 2d
            ftrl, ids: {table: exact, admit: 3, forget: 20m, rows: 4194304} | forget: 20m | forget: 0s | continues | model.ids.forget: 20m -> 0d
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | rows: 4194304 | rows: 5000000 | continues | model.ids.rows: 4194304 -> 5000000
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | rows: 4194304 | rows: 8388608 | continues | model.ids.rows: 4194304 -> 8388608
            ftrl, ids: {table: exact, admit: 3, forget: 1d, rows: 4194304} | rows: 4194304 | rows: 8192 | relearns | model.ids.rows: 4194304 -> 8192
            ftrl, ids: {table: exact, rows: 2048} | rows: 2048 | rows: 8192                    | relearns | model.ids.rows: 2048 -> 8192
            ftrl, ids: {table: exact, admit: 3} | {table: exact | {table: exact, rows: 4194304 | harmless |
            ftrl, bits: 22, ids: {table: exact} | bits: 22 | bits: 20                          | continues | model.bits: 22 -> 20
            ftrl, seed: 7, ids: {table: exact} | seed: 7 | seed: 8                             | relearns | model.seed: 7 -> 8
            """)
    void tellsWhatOneChangeMeans(String model, String find, String replacement, String effect, String change) {
        String before = MOVIES.replace("learner: ftrl", "learner: " + model);
        assertThat(before).contains(find);
        SpecDiff diff = diff(before, before.replace(find, replacement == null ? "" : replacement));
        assertThat(diff.changes()).as(diff.toString()).hasSize(change == null ? 0 : 1);
        assertThat(diff.effect().text()).isEqualTo(effect);
        for (SpecChange found : diff.changes()) {
            assertThat(text(found)).isEqualTo(change);
            assertThat(found.effect().text()).isEqualTo(effect);
            assertThat(found.reason()).isNotEmpty().doesNotEndWith(".");
        }
    }

    private static String text(SpecChange change) {
        return change.path() + ": " + (change.before() == null ? "none" : change.before()) + " -> "
                + (change.after() == null ? "none" : change.after());
    }

    private static SpecDiff diff(String before, String after) {
        return SpecDiff.of(read(before), read(after));
    }

    private static PipelineSpec read(String text) {
        return SpecReader.read(text, "test");
    }

    @Test
    void anAggregateThatIsDefinedAnewNeedsAnotherName() {
        String text = """
                pipeline: p
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1}}
                features:
                  clicks: {count: click, by: item, window: 1h}
                """;
        PipelineSpec before = SpecReader.read(text, "before");
        SpecDiff other = SpecDiff.of(before, SpecReader.read(text.replace("1h", "2h"), "after"));
        assertThat(other.effect()).isEqualTo(Effect.IMPOSSIBLE);
        assertThat(other.changes())
                .extracting(change -> change.path() + ": " + change.before() + " -> " + change.after())
                .containsExactly("features.clicks: count click by item window 1h tile 2m"
                        + " -> count click by item window 2h tile 4m");
        SpecDiff beside = SpecDiff.of(
                before, SpecReader.read(text + "  clicks_2h: {count: click, by: item, window: 2h}\n", "after"));
        assertThat(beside.effect()).isEqualTo(Effect.CONVERTS);
        assertThat(beside.changes()).extracting(SpecChange::path).containsExactly("features.clicks_2h");
    }

    @Test
    void ofSpecsThatSayTheSameThereIsNone() {
        SpecDiff diff = diff(MOVIES, "# A comment.\n" + MOVIES.replace("window: 30m", "window: 1800s"));
        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.effect()).isEqualTo(Effect.HARMLESS);
    }

    @Test
    void theWorstChangeCounts() {
        SpecDiff diff = diff(
                MOVIES,
                MOVIES.replace("epsilon: 0.05", "epsilon: 0.1")
                        .replace("window: 30m", "window: 1h")
                        .replace("learner: ftrl", "alpha: 0.2, learner: ftrl"));
        assertThat(diff.changes())
                .extracting(SpecChange::effect)
                .containsExactly(Effect.CONTINUES, Effect.CONVERTS, Effect.HARMLESS);
        assertThat(diff.effect()).isEqualTo(Effect.CONVERTS);
        assertThat(diff.of(Effect.CONVERTS))
                .singleElement()
                .satisfies(change -> assertThat(change.path()).isEqualTo("model.alpha"));
    }

    @Test
    void binsAndCrossesOfANewColumnComeWithIt() {
        String after = MOVIES.replace("age: numeric", "age: numeric, price: numeric")
                .replace("{age: 2.5}", "{age: 2.5, price: 10}")
                .replace("[hour, genres]", "[hour, genres], [hour, price]");
        assertThat(texts(diff(MOVIES, after)))
                .containsExactly(
                        "decision.candidate.price: none -> numeric",
                        "crosses[2]: none -> [hour, price]",
                        "bins.price: none -> 10");
        assertThat(diff(MOVIES, after).effect()).isEqualTo(Effect.CONTINUES);
        assertThat(diff(MOVIES, after.replace("price: 10", "price: quantiles")).effect())
                .isEqualTo(Effect.CONVERTS);
        assertThat(diff(after, MOVIES).effect()).isEqualTo(Effect.CONTINUES);
    }

    @Test
    void learnedNumbersThatChangePlacesAreConverted() {
        String before = MOVIES.replace("learner: ftrl", "learner: auto").replace("{age: 2.5}", "{}");
        String after = before.replace("hour: categorical, temperature: numeric", "hour: categorical, wind: numeric")
                .replace("age: numeric", "age: numeric, days: numeric");
        String swapped = after.replace("age: numeric, days: numeric", "days: numeric, age: numeric");
        assertThat(diff(after, swapped).effect()).isEqualTo(Effect.CONVERTS);
        assertThat(texts(diff(after, swapped)))
                .containsExactly("decision.candidate: item, genres, age, days -> item, genres, days, age");
    }

    @Test
    void aColumnThatMovesFromTheContextToCandidatesCannotBeLearnedFromTheLog() {
        String after = MOVIES.replace(", temperature: numeric}", "}")
                .replace("age: numeric", "age: numeric, temperature: numeric");
        assertThat(texts(diff(MOVIES, after)))
                .containsExactly("decision.candidate.temperature: in context -> in candidate");
        assertThat(diff(MOVIES, after).effect()).isEqualTo(Effect.IMPOSSIBLE);
    }

    @Test
    void anotherSubjectIsAnotherColumn() {
        String before = MOVIES.replace("[user, genres], ", "");
        assertThat(texts(diff(before, before.replace("subject: user", "subject: guest"))))
                .containsExactly("decision.subject: user -> guest");
        String both = before.replace("{hour: categorical", "{guest: categorical, hour: categorical");
        SpecDiff swapped =
                diff(both, both.replace("subject: user", "subject: guest").replace("{guest:", "{user:"));
        assertThat(texts(swapped)).containsExactly("decision.subject: user -> guest");
        assertThat(swapped.effect()).isEqualTo(Effect.CONTINUES);
    }

    @Test
    void ofAnotherLearnerItsSettingsDoNotMatter() {
        assertThat(texts(diff(MOVIES, MOVIES.replace("learner: ftrl", "learner: fm, alpha: 3, factors: 2"))))
                .containsExactly("model.learner: ftrl -> fm");
    }

    private static List<String> texts(SpecDiff diff) {
        return diff.changes().stream().map(SpecDiffTest::text).toList();
    }

    @Test
    void sourcesChangeNothingThatIsLearned() {
        PipelineSpec before = SpecReader.read(MOVIES, "before.yaml");
        PipelineSpec after = SpecReader.read(MOVIES + "sources: {likes: {as: items, id: sku}}\n", "after.yaml");
        assertThat(SpecDiff.of(before, after).changes())
                .singleElement()
                .satisfies(change -> assertThat(change.effect()).isEqualTo(Effect.HARMLESS))
                .asString()
                .contains("sources.likes", "likes as items");
    }
}
