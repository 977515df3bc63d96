package io.millrace.local.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.ModelSpec;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to; figures that are not defined are NaN.
 *
 * @param data the file
 * @param label what was predicted, as it was given; null where no row had one
 * @param model what learned, with every effective setting
 * @param examples that were predicted
 * @param skipped rows that were no examples, or could not be learned
 * @param unlabelled rows without a label, which were predicted only
 * @param features mean number of elements that the model saw of an example, crosses and the constant among them
 * @param secondHalfLoss mean loss over the second half of the examples
 * @param members figures of the learner's own
 * @param examplesPerSecond over the time spent with learning alone
 * @param wallSeconds from opening the file to the last example
 * @param digest of parameters and optimiser state
 */
public record LearnReport(
        String data,
        @Nullable String label,
        ModelSpec model,
        long examples,
        long skipped,
        long unlabelled,
        double features,
        Figures figures,
        double secondHalfLoss,
        Map<String, Double> members,
        double examplesPerSecond,
        double wallSeconds,
        String digest) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public LearnReport {
        members = new TreeMap<>(members);
    }

    /** What the predictions were worth. */
    record Figures(
            double loss, double normalizedLoss, double auc, double accuracy, double calibration, double baseRate) {
        static Figures of(Tally tally) {
            return new Figures(
                    tally.progress().meanLoss(),
                    tally.progress().normalizedLoss(),
                    tally.progress().auc(),
                    tally.accuracy(),
                    tally.progress().calibration(),
                    tally.progress().baseRate());
        }
    }

    boolean isLogistic() {
        return model.loss() == Loss.LOGISTIC;
    }

    /** The figures for people. */
    public String summary() {
        return LearnSummary.of(this);
    }

    /** One JSON object; what is not defined is null, or, where another loss has it, left out. */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("data", data);
        root.put("label", label);
        root.put("examples", examples);
        root.put("skipped", skipped);
        root.put("unlabelled", unlabelled);
        put(root, "features", features);
        if (isLogistic()) {
            put(root, "log_loss", figures.loss());
            put(root, "second_half_log_loss", secondHalfLoss);
            put(root, "normalized_entropy", figures.normalizedLoss());
            put(root, "auc", figures.auc());
            put(root, "accuracy", figures.accuracy());
        } else {
            put(root, "loss", figures.loss());
            put(root, "second_half_loss", secondHalfLoss);
            put(root, "normalized_loss", figures.normalizedLoss());
        }
        put(root, "calibration", figures.calibration());
        put(root, "base_rate", figures.baseRate());
        put(root, "learn_examples_per_s", examplesPerSecond);
        put(root, "wall_s", wallSeconds);
        putLearner(root.putObject("learner"));
        ObjectNode own = root.putObject("members");
        members.forEach((name, value) -> put(own, name, value));
        root.put("digest", digest);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void putLearner(ObjectNode learner) {
        learner.put("name", model.learner().text());
        learner.put("loss", model.loss().text());
        new TreeMap<>(model.settings()).forEach((name, value) -> put(learner, name, value));
        learner.put("bits", model.bits());
        learner.put("seed", model.seed());
        learner.put("offset", model.offset());
        learner.put("drift", model.drift().text());
        ObjectNode ids = learner.putObject("ids");
        ids.put("table", model.ids().exact() ? "exact" : "hashed");
        if (model.ids().exact()) {
            ids.put("admit", model.ids().admit());
            ids.put("forget_s", model.ids().forget().toMillis() / 1e3);
            ids.put("rows", model.ids().rows());
        }
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
