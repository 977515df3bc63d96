package io.millrace.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecProblemsTest {
    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, context: {hour: categorical}, candidate: {item: categorical, age: numeric}}
            feedback: {reward: {click: 1}}
            """;

    private static final String SPICE = "{}[]:,-&*!|>'\"%@`#? \n\t0a~";

    /** A fourth line after {@link #HEAD}, and what is wrong with it. */
    static Stream<Arguments> oneProblemOnLineFour() {
        return Stream.of(
                Arguments.of("modle: {}", "4:1: modle: unknown (expected: model?)"),
                Arguments.of(
                        "zebra: {}",
                        "4:1: zebra: unknown (expected: one of bins, crosses, decision, events, features, feedback, model,"
                                + " pipeline, policy, snapshot, sources)"),
                Arguments.of("pipeline: q", "4:1: pipeline: given twice (expected: once)"),
                Arguments.of("[a]: q", "4:1: spec: a list as a key (expected: a name)"),
                Arguments.of("model: 5", "4:8: model: 5 (expected: a mapping of settings)"),
                Arguments.of("model:", "4:7: model: empty (expected: a mapping of settings)"),
                Arguments.of("model: [ftrl]", "4:8: model: a list (expected: a mapping of settings)"),
                Arguments.of(
                        "model: {learner: adagrad}",
                        "4:18: model.learner: adagrad (expected: one of auto, ftrl, normalized, coin, fm, deep)"),
                Arguments.of("model: {learner: ftrl, alhpa: 1}", "4:24: model.alhpa: unknown (expected: alpha?)"),
                Arguments.of(
                        "model: {learner: ftrl, momentum: 1}",
                        "4:24: model.momentum: unknown (expected: one of alpha, beta, bits, drift, ids, l1, l2, learner, loss, offset,"
                                + " seed)"),
                Arguments.of("model: {bits: 9, bits: 9}", "4:18: model.bits: given twice (expected: once)"),
                Arguments.of(
                        "model: {alpha: 1}",
                        "4:9: model.alpha: a setting of ftrl (expected: none: auto has no settings)"),
                Arguments.of(
                        "model: {learner: ftrl, drift: react}",
                        "4:31: model.drift: react (expected: ignore, where model.learner is not auto)"),
                Arguments.of(
                        "bins: {user: 5}",
                        "4:8: bins.user: no numeric feature (expected: a declared numeric feature: one of age)"),
                Arguments.of(
                        "model: {ids: {admit: 3}}",
                        "4:15: model.ids.admit: given (expected: only where model.ids.table is exact)"),
                Arguments.of("model: {bits: 40}", "4:15: model.bits: 40 (expected: a whole number, 8 to 26)"),
                Arguments.of("model: {bits: 22.5}", "4:15: model.bits: 22.5 (expected: a whole number, 8 to 26)"),
                Arguments.of("model: {seed: 1e3}", "4:15: model.seed: 1e3 (expected: a whole number)"),
                Arguments.of(
                        "model: {seed: 9223372036854775808}",
                        "4:15: model.seed: 9223372036854775808 (expected: a whole number)"),
                Arguments.of("model: {learner: ftrl, alpha: 0}", "4:31: model.alpha: 0 (expected: a number above 0)"),
                Arguments.of(
                        "model: {learner: ftrl, alpha: .nan}", "4:31: model.alpha: .nan (expected: a number above 0)"),
                Arguments.of(
                        "model: {learner: ftrl, alpha: 1e999}",
                        "4:31: model.alpha: 1e999 (expected: a number above 0)"),
                Arguments.of("model: {learner: ftrl, l1: -1}", "4:28: model.l1: -1 (expected: a number of at least 0)"),
                Arguments.of("model: {learner: ftrl, l2: 1d}", "4:28: model.l2: 1d (expected: a number of at least 0)"),
                Arguments.of(
                        "model: {learner: ftrl, l2: 0x1p3}",
                        "4:28: model.l2: 0x1p3 (expected: a number of at least 0)"),
                Arguments.of(
                        "model: {loss: hinge}",
                        "4:15: model.loss: hinge (expected: one of logistic, squared, absolute, poisson)"),
                Arguments.of("policy: {epsilon: 1.7}", "4:19: policy.epsilon: 1.7 (expected: 0 to 1)"),
                Arguments.of("policy: {epsilon: 5%}", "4:19: policy.epsilon: 5% (expected: 0 to 1)"),
                Arguments.of("policy: {epsilon: {a: 1}}", "4:19: policy.epsilon: a mapping (expected: 0 to 1)"),
                Arguments.of(
                        "policy: {explore: ucb}",
                        "4:19: policy.explore: ucb (expected: one of greedy, epsilon_greedy)"),
                Arguments.of(
                        "policy: {explore: greedy, epsilon: 0.1}",
                        "4:36: policy.epsilon: 0.1 (expected: absent or 0 where policy.explore is greedy)"),
                Arguments.of(
                        "policy: {control: 0.7, popularity: 0.6}",
                        "4:19: policy.control + policy.popularity: 1.3 (expected: at most 1)"),
                Arguments.of(
                        "policy: {popularity: {share: 0.95}}",
                        "4:22: policy.control + policy.popularity: 1.05 (expected: at most 1)"),
                Arguments.of("policy: {popularity: much}", "4:22: policy.popularity: much (expected: 0 to 1)"),
                Arguments.of("policy: {popularity: [1]}", "4:22: policy.popularity: a list (expected: 0 to 1)"),
                Arguments.of("policy: {popularity: {share: 2}}", "4:30: policy.popularity.share: 2 (expected: 0 to 1)"),
                Arguments.of(
                        "policy: {popularity: {by: route}}",
                        "4:27: policy.popularity.by: route (expected: a categorical feature of decision.candidate, or"
                                + " item)"),
                Arguments.of(
                        "policy: {popularity: {by: age}}",
                        "4:27: policy.popularity.by: age (expected: a categorical feature of decision.candidate, or"
                                + " item)"),
                Arguments.of(
                        "policy: {popularity: {shar: 0.1}}",
                        "4:23: policy.popularity.shar: unknown (expected: share?)"),
                Arguments.of("crosses: user", "4:10: crosses: user (expected: a list of lists of features)"),
                Arguments.of("crosses: [user]", "4:11: crosses[0]: user (expected: a list of names)"),
                Arguments.of("crosses: [[user]]", "4:11: crosses[0]: [user] (expected: 2 to 4 different features)"),
                Arguments.of(
                        "crosses: [[user, user]]",
                        "4:11: crosses[0]: [user, user] (expected: 2 to 4 different features)"),
                Arguments.of(
                        "crosses: [[user, item], [user, hour], [item, user]]",
                        "4:39: crosses[2]: [item, user] (expected: a cross that is not there already)"),
                Arguments.of(
                        "crosses: [[user, genres]]",
                        "4:18: crosses[0]: genres (expected: a declared feature: one of age, hour, item, user)"),
                Arguments.of("crosses: [[usr, item]]", "4:12: crosses[0]: usr (expected: a declared feature: user?)"),
                Arguments.of(
                        "crosses: [[user, [item]]]",
                        "4:18: crosses[0]: a list (expected: a name: letters, digits, _ . -, not starting with a"
                                + " digit)"),
                Arguments.of(
                        "snapshot: {every: 100}",
                        "4:19: snapshot.every: 100 (expected: a duration with its unit (us, ms, s, m, h, d), 10ms to"
                                + " 1h)"),
                Arguments.of(
                        "snapshot: {every: 1 s}",
                        "4:19: snapshot.every: 1 s (expected: a duration with its unit (us, ms, s, m, h, d), 10ms to"
                                + " 1h)"),
                Arguments.of(
                        "snapshot: {base: 2d}",
                        "4:18: snapshot.base: 2d (expected: a duration with its unit (us, ms, s, m, h, d), 1s to 1d)"));
    }

    @ParameterizedTest
    @MethodSource("oneProblemOnLineFour")
    void saysWhatIsWrongAndWhere(String line, String problem) {
        assertThat(problems(HEAD + line)).containsExactly(problem);
    }

    @Test
    void checksWhatADecisionIsMadeFrom() {
        assertThat(problems("""
                        pipeline: 1st
                        decision:
                          subject: user
                          context:
                            user: categorical
                            hour: categoricl
                          candidate:
                            item: numeric
                            hour: categorical
                            9lives: numeric
                            tags: [a]
                          slots: 0
                        feedback: {reward: {click: 1}}
                        crosses: [[hour, tags]]
                        policy: {popularity: {by: tags}}
                        """))
                .containsExactly(
                        "1:11: pipeline: 1st (expected: a name: letters, digits, _ . -, not starting with a digit)",
                        "5:5: decision.context.user: declared before (expected: a name of its own)",
                        "6:11: decision.context.hour: categoricl (expected: one of numeric, categorical,"
                                + " categorical_set, weighted_set, sequence, embedding)",
                        "8:11: decision.candidate.item: numeric (expected: categorical: it is the item's id)",
                        "9:5: decision.candidate.hour: declared before (expected: a name of its own)",
                        "10:5: decision.candidate.9lives: 9lives (expected: a name: letters, digits, _ . -, not"
                                + " starting with a digit)",
                        "11:11: decision.candidate.tags: a list (expected: one of numeric, categorical,"
                                + " categorical_set, weighted_set, sequence, embedding)",
                        "12:10: decision.slots: 0 (expected: a whole number, 1 to 1000)");
    }

    @Test
    void checksWhatFeedbackMeans() {
        assertThat(problems("""
                        pipeline: p
                        decision: {subject: user, candidate: {item: categorical}}
                        feedback:
                          reward: {click: one, "a b": 2}
                          final: rating
                          window: 2h
                          late: 90m
                        """))
                .containsExactly(
                        "4:19: feedback.reward.click: one (expected: a finite number)",
                        "4:24: feedback.reward.a b: a b (expected: a name: letters, digits, _ . -, not starting with a"
                                + " digit)",
                        "5:10: feedback.final: rating (expected: a list of names)",
                        "7:9: feedback.late: 90m (expected: at least feedback.window, 2h)");
        assertThat(problems("""
                        pipeline: movies
                        decision: {subject: user, candidate: {item: categorical}}
                        feedback:
                          reward: {click: {take: lots}, like: {reward: 2, took: last}}
                          combine: best
                          exposure: 7
                          labels: now
                        """))
                .containsExactly(
                        "4:19: feedback.reward.click.reward: missing (expected: a finite number)",
                        "4:26: feedback.reward.click.take: lots (expected: one of sum, first, max, last)",
                        "4:51: feedback.reward.like.took: unknown (expected: one of reward, take)",
                        "5:12: feedback.combine: best (expected: one of sum, first, max, last)",
                        "6:13: feedback.exposure: 7 (expected: a name: letters, digits, _ . -, not starting with a digit)",
                        "7:11: feedback.labels: now (expected: one of window, immediate)");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(problems("pipeline: p"))
                .containsExactly(
                        "1:1: decision.subject: missing (expected: a name: letters, digits, _ . -, not starting with a"
                                + " digit)",
                        "1:1: decision.candidate: missing (expected: at least one feature and its kind)",
                        "1:1: feedback.reward: missing (expected: at least one kind of feedback and its reward)");
        assertThat(problems("decision: {subject: user, candidate: {}}\nfeedback: {reward: {}}"))
                .containsExactly(
                        "1:1: pipeline: missing (expected: a name: letters, digits, _ . -, not starting with a digit)",
                        "1:38: decision.candidate: missing (expected: at least one feature and its kind)",
                        "2:20: feedback.reward: missing (expected: at least one kind of feedback and its reward)");
    }

    @Test
    void reportsEverythingAtOnceInTheOrderOfTheFile() {
        assertThat(problems("""
                        pipeline: p
                        policy: {epsilon: 1.7, popularity: {by: route}}
                        decison: {}
                        decision: {subject: user, candidate: {item: categorical}}
                        crosses: [[user, genres]]
                        feedback: {reward: {click: 1}, window: 30, late: 1m}
                        model: {bits: 40, learner: ftrl, aplha: 1}
                        """))
                .containsExactly(
                        "2:19: policy.epsilon: 1.7 (expected: 0 to 1)",
                        "2:41: policy.popularity.by: route (expected: a categorical feature of decision.candidate, or"
                                + " item)",
                        "3:1: decison: unknown (expected: decision?)",
                        "5:18: crosses[0]: genres (expected: a declared feature: one of item, user)",
                        "6:40: feedback.window: 30 (expected: a duration with its unit (us, ms, s, m, h, d), 1ms to"
                                + " 3650d)",
                        "7:15: model.bits: 40 (expected: a whole number, 8 to 26)",
                        "7:34: model.aplha: unknown (expected: alpha?)");
    }

    @Test
    void reportsRatesThatDropEverythingOrNothing() {
        String spec = """
                pipeline: p
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1}, sample: {negatives: %s, postives: 1}}
                """;
        for (String rate : List.of("0", "1.5", "-0.1", "10%")) {
            assertThat(problems(spec.formatted(rate)))
                    .hasSize(2)
                    .contains("3:52: feedback.sample.negatives: " + rate + " (expected: 0.001 to 1)")
                    .anyMatch(problem -> problem.contains("feedback.sample.postives: unknown (expected: "));
        }
    }

    @Test
    void reportsNothingThatFollowsFromAnotherProblem() {
        assertThat(problems("""
                        pipeline: p
                        decision: [user, item]
                        feedback: {reward: 5, window: 3x, late: 1m}
                        crosses: [[user, genres]]
                        policy: {control: 3, popularity: {share: 0.9, by: route}}
                        """))
                .containsExactly(
                        "2:11: decision: a list (expected: a mapping of settings)",
                        "3:20: feedback.reward: 5 (expected: a mapping of settings)",
                        "3:31: feedback.window: 3x (expected: a duration with its unit (us, ms, s, m, h, d), 1ms to"
                                + " 3650d)",
                        "5:19: policy.control: 3 (expected: 0 to 1)");
    }

    @Test
    void saysWhatIsNoMapping() {
        assertThat(problems("")).containsExactly("1:1: spec: missing (expected: a mapping of settings)");
        assertThat(problems("# nothing\n")).containsExactly("1:1: spec: missing (expected: a mapping of settings)");
        assertThat(problems("- a\n- b\n")).containsExactly("1:1: spec: a list (expected: a mapping of settings)");
        assertThat(problems("movies")).containsExactly("1:1: spec: movies (expected: a mapping of settings)");
    }

    @Test
    void saysWhereTheYamlIsBroken() {
        assertThat(problems("pipeline: p\nmodel: {bits: 22\npolicy: {}\n"))
                .singleElement()
                .asString()
                .startsWith("3:7: spec: expected ',' or '}'");
        assertThat(problems("pipeline: p\nmodel:\n\tbits: 22\n"))
                .singleElement()
                .asString()
                .startsWith("3:1: spec: found character");
        assertThat(problems("pipeline: p\n---\npipeline: q\n"))
                .singleElement()
                .asString()
                .startsWith("2:1: spec: ");
        assertThat(problems("pipeline: \u0000")).singleElement().asString().contains("(expected: YAML 1.2)");
    }

    @Test
    void namesTheSourceInItsMessage() {
        SpecException thrown = catchThrowableOfType(
                SpecException.class, () -> SpecReader.read(HEAD + "modle: {}\nzebra: 1\n", "conf/pipeline.yaml"));
        assertThat(thrown.getMessage().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("conf/pipeline.yaml:"))
                .first()
                .isEqualTo("conf/pipeline.yaml:4:1: modle: unknown (expected: model?)");
    }

    @Test
    void throwsNothingButSpecExceptionWhateverTheText() {
        assertThat(problems("[".repeat(100_000))).containsExactly("1:51: spec: nested 51 deep (expected: at most 50)");
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(SpecReference.EXAMPLE);
            for (int change = random.nextInt(6); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
                    case 2 -> text.setCharAt(at, (char) random.nextInt(128));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                }
            }
            try {
                SpecReader.read(text.toString(), "fuzz");
            } catch (SpecException expected) {
                assertThat(expected.problems()).isNotEmpty();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ":\n" + text, e);
            }
        }
    }

    private static List<String> problems(String text) {
        SpecException thrown = catchThrowableOfType(SpecException.class, () -> SpecReader.read(text, "s"));
        return thrown == null
                ? List.of()
                : thrown.problems().stream().map(SpecProblem::toString).toList();
    }
}
