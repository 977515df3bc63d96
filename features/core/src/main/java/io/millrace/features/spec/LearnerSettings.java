package io.millrace.features.spec;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What may be set for each learner. */
final class LearnerSettings {
    private static final List<Setting<Double>> FTRL = List.of(
            new Setting<>("model.alpha", Kind.positiveNumber(), "0.1", "Step size."),
            new Setting<>(
                    "model.beta", Kind.number(0, Double.MAX_VALUE), "1", "Slows the first steps of each weight down."),
            new Setting<>(
                    "model.l1",
                    Kind.number(0, Double.MAX_VALUE),
                    "0",
                    "Weights whose evidence is weaker than this stay exactly 0."),
            new Setting<>("model.l2", Kind.number(0, Double.MAX_VALUE), "0", "Pulls weights towards 0."));

    private static final List<Setting<Double>> NORMALIZED = List.of(new Setting<>(
            "model.rate",
            Kind.positiveNumber(),
            "0.5",
            "Step size, in units that are the same for features of any scale."));

    private static final List<Setting<Double>> COIN = List.of(new Setting<>(
            "model.wealth",
            Kind.positiveNumber(),
            "4",
            "What each weight may stake at first, before it has won anything; there is no step size."));

    private static final List<Setting<Double>> FACTORS = List.of(
            new Setting<>(
                    "model.factors",
                    Kind.wholeNumber(1, 64),
                    "8",
                    "Factors of each feature, by which it interacts with the others; crosses have none."),
            new Setting<>("model.factor_alpha", Kind.positiveNumber(), "0.5", "Step size of the factors."),
            new Setting<>(
                    "model.factor_l2",
                    Kind.number(0, Double.MAX_VALUE),
                    "0.0001",
                    "Pulls the factors of the features at hand towards 0."));

    private static final List<Setting<Double>> TOWER = List.of(
            new Setting<>("model.layers", Kind.wholeNumber(1, 3), "2", "Dense layers."),
            new Setting<>("model.width", Kind.wholeNumber(1, 1024), "64", "Units of each dense layer."),
            new Setting<>(
                    "model.batch",
                    Kind.wholeNumber(1, 4096),
                    "16",
                    "Examples that are learned at once: the first so many of the log, then the next."),
            new Setting<>("model.tower_alpha", Kind.positiveNumber(), "0.001", "Step size of the dense layers."));

    static final Map<LearnerKind, List<Setting<Double>>> ALL = Map.of(
            LearnerKind.AUTO,
            List.of(),
            LearnerKind.FTRL,
            FTRL,
            LearnerKind.NORMALIZED,
            NORMALIZED,
            LearnerKind.COIN,
            COIN,
            LearnerKind.FM,
            both(FTRL, FACTORS),
            LearnerKind.DEEP,
            both(both(FTRL, FACTORS), TOWER));

    private LearnerSettings() {}

    private static List<Setting<Double>> both(List<Setting<Double>> first, List<Setting<Double>> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
