package io.millrace.features.spec;

import io.millrace.features.spec.PolicySpec.Explore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Every scalar setting of a spec. */
final class Settings {
    private static final Duration LONGEST = Duration.ofDays(3650);

    static final Setting<String> PIPELINE =
            new Setting<>("pipeline", Kind.name(), "", "Name of the pipeline: of its model, and of its feature set.");
    static final Setting<String> SUBJECT = new Setting<>(
            "decision.subject",
            Kind.name(),
            "",
            "For whom is decided; the subject's id is a categorical feature of this name.");
    static final Setting<Long> SLOTS = new Setting<>(
            "decision.slots",
            Kind.whole(1, 1000),
            "1",
            "How many candidates are shown where the request does not say.");
    static final Setting<Duration> WINDOW = new Setting<>(
            "feedback.window",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            "30m",
            "How long after its decision a label stays open, in event time: what had no reward by then is a negative.");
    static final Setting<Duration> LATE = new Setting<>(
            "feedback.late",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            "7d",
            "How long after its decision feedback still corrects the label, in event time; at least the window.");
    static final Setting<Loss> LOSS = new Setting<>(
            "model.loss",
            Kind.oneOf(Loss.values(), Loss::text),
            "logistic",
            "What is predicted: `logistic`, the probability of a reward above 0; `squared`, the reward.");
    static final Setting<Long> BITS =
            new Setting<>("model.bits", Kind.whole(8, 26), "22", "The table of weights has 2^bits rows.");
    static final Setting<Long> SEED = new Setting<>(
            "model.seed",
            Kind.whole(Long.MIN_VALUE, Long.MAX_VALUE),
            "0",
            "Salts the hash into the table and whatever the learner draws.");
    static final Setting<Explore> EXPLORE = new Setting<>(
            "policy.explore",
            Kind.oneOf(Explore.values(), Explore::text),
            "epsilon_greedy",
            "How the learned arm explores.");
    static final Setting<Double> EPSILON = new Setting<>(
            "policy.epsilon",
            Kind.number(0, 1),
            "0.05",
            "Probability that the learned arm shows a uniformly random slate; only with `epsilon_greedy`.");
    static final Setting<Double> CONTROL =
            new Setting<>("policy.control", Kind.number(0, 1), "0.1", "Share of decisions made uniformly at random.");
    static final Setting<Double> POPULARITY = new Setting<>(
            "policy.popularity.share",
            Kind.number(0, 1),
            "0",
            "Share of decisions ranked by smoothed reward rate; `popularity: 0.1` is short for it.");
    static final Setting<String> POPULARITY_BY = new Setting<>(
            "policy.popularity.by",
            Kind.name(),
            "item",
            "Whose reward rate: a categorical feature of the candidate, or `item` for the item's id.");
    static final Setting<Duration> EVERY = new Setting<>(
            "snapshot.every",
            Kind.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            "100ms",
            "Between two published deltas, wall clock.");
    static final Setting<Duration> BASE = new Setting<>(
            "snapshot.base",
            Kind.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "1m",
            "Between two base snapshots, wall clock.");

    /** The learners, each with its own settings. */
    static final Map<String, List<Setting<Double>>> LEARNERS = Map.of(
            "ftrl",
            List.of(
                    new Setting<>("model.alpha", Kind.positiveNumber(), "0.1", "Step size."),
                    new Setting<>(
                            "model.beta",
                            Kind.number(0, Double.MAX_VALUE),
                            "1",
                            "Slows the first steps of each weight down."),
                    new Setting<>(
                            "model.l1",
                            Kind.number(0, Double.MAX_VALUE),
                            "0",
                            "Weights whose evidence is weaker than this stay exactly 0."),
                    new Setting<>("model.l2", Kind.number(0, Double.MAX_VALUE), "0", "Pulls weights towards 0.")));

    static final String DEFAULT_LEARNER = "ftrl";

    private Settings() {}

    /** All settings that stand by themselves, in the order of the file. */
    static List<Setting<?>> all() {
        return List.of(
                PIPELINE,
                SUBJECT,
                SLOTS,
                WINDOW,
                LATE,
                LOSS,
                BITS,
                SEED,
                EXPLORE,
                EPSILON,
                CONTROL,
                POPULARITY,
                POPULARITY_BY,
                EVERY,
                BASE);
    }
}
