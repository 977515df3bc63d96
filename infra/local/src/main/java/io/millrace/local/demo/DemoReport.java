package io.millrace.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.demo.Statistics.ArmReward;
import io.millrace.local.demo.Statistics.Part;
import io.millrace.serving.policy.Arm;
import java.util.List;

/**
 * The demo's result.
 *
 * @param decisions that showed something
 * @param tenths the run in ten equal parts
 */
public record DemoReport(
        String audience,
        long seed,
        String rewarded,
        boolean withRegret,
        long decisions,
        ArmReward learned,
        ArmReward control,
        ArmReward popularity,
        Estimate lift,
        Estimate liftOverPopularity,
        Estimate secondHalfLift,
        List<Part> tenths,
        Measured measured) {
    private static final int TENTHS = 10;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public DemoReport {
        tenths = List.copyOf(tenths);
    }

    public static DemoReport of(Audience audience, Statistics statistics, Measured measured) {
        return new DemoReport(
                audience.name(),
                audience.seed(),
                audience.rewarded(),
                audience.probabilistic(),
                statistics.decisions(),
                statistics.arm(Arm.LEARNED),
                statistics.arm(Arm.CONTROL),
                statistics.arm(Arm.POPULARITY),
                statistics.lift(),
                statistics.liftOverPopularity(),
                statistics.secondHalfLift(),
                statistics.parts(TENTHS),
                measured);
    }

    /**
     * One JSON object. Intervals are arrays of two numbers; what is not known is null. {@code regret} is there for
     * audiences with known probabilities only: per item, by tenth of the run, of the learned arm and, exactly, of a
     * uniform draw from the same offers.
     */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("audience", audience);
        root.put("seed", seed);
        root.put("decisions", decisions);
        root.put("feedback", measured.feedback());
        ObjectNode arms = root.putObject("arms");
        put(arms, Arm.LEARNED, learned);
        put(arms, Arm.CONTROL, control);
        put(arms, Arm.POPULARITY, popularity);
        put(root, "lift", lift.value());
        putInterval(root, "lift_ci95", lift);
        put(root, "lift_over_popularity", liftOverPopularity.value());
        putInterval(root, "lift_over_popularity_ci95", liftOverPopularity);
        put(root, "second_half_lift", secondHalfLift.value());
        if (withRegret) {
            ObjectNode regret = root.putObject("regret");
            putEach(
                    regret.putArray("learned"),
                    tenths.stream().map(Part::regret).toList());
            putEach(
                    regret.putArray("uniform"),
                    tenths.stream().map(Part::uniformRegret).toList());
        }
        putMeasured(root);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void putMeasured(ObjectNode root) {
        Measured.Progressive progressive = measured.progressive();
        ObjectNode loss = root.putObject("progressive");
        loss.put("examples", progressive.examples());
        put(loss, "log_loss", progressive.logLoss());
        put(loss, "normalized_entropy", progressive.normalizedEntropy());
        put(loss, "auc", progressive.auc());
        put(loss, "calibration", progressive.calibration());
        put(root, "freshness_ms", measured.freshnessMs());
        put(root, "freshness_positive_ms", measured.positiveFreshnessMs());
        put(root, "freshness_negative_ms", measured.negativeFreshnessMs());
        put(root, "rank_ms", measured.rankMs());
        Measured.Model model = measured.model();
        root.putObject("model")
                .put("lineage", model.lineage())
                .put("version", model.version())
                .put("digest", model.digest())
                .put("parameters", model.parameters())
                .put("nonzero", model.nonzero());
        put(root, "wall_s", measured.wallSeconds());
    }

    private static void put(ObjectNode arms, Arm arm, ArmReward reward) {
        ObjectNode node = arms.putObject(arm.text());
        node.put("decisions", reward.decisions());
        node.put("shown", reward.shown());
        put(node, "reward", reward.reward().value());
        putInterval(node, "ci95", reward.reward());
    }

    private static void put(ObjectNode parent, String name, Measured.Quantiles quantiles) {
        ObjectNode node = parent.putObject(name);
        put(node, "p50", quantiles.p50());
        put(node, "p99", quantiles.p99());
        node.put("count", quantiles.count());
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static void putInterval(ObjectNode node, String name, Estimate estimate) {
        if (estimate.exists()) {
            node.putArray(name).add(estimate.low()).add(estimate.high());
        } else {
            node.putNull(name);
        }
    }

    private static void putEach(ArrayNode array, List<Double> values) {
        values.forEach(value -> array.add(
                Double.isFinite(value)
                        ? JsonNodeFactory.instance.numberNode(value)
                        : JsonNodeFactory.instance.nullNode()));
    }
}
