package io.millrace.bench.contest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Outcomes as one JSON object. */
public final class ContestReport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ContestReport() {}

    /**
     * @param machine what it ran on, by name
     */
    public static String of(Map<String, String> machine, List<Outcome> outcomes, String reference, double clip) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode on = root.putObject("machine");
        machine.forEach(on::put);
        root.put("prediction_clip", clip);
        root.put("reference", reference);
        outcomes.forEach(outcome -> put(root.withArray("data").addObject(), outcome, reference));
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(ObjectNode node, Outcome outcome, String reference) {
        Comparison comparison = Comparison.with(reference, outcome.results());
        node.put("name", outcome.data());
        node.put("origin", outcome.origin());
        node.put("examples", outcome.examples());
        node.put("base_rate", outcome.baseRate());
        for (Result result : outcome.results()) {
            ObjectNode row = node.withArray("results").addObject();
            row.put("contender", result.maker());
            row.put("setting", result.setting());
            row.put("log_loss", result.score().logLoss());
            row.put("accuracy", result.score().accuracy());
            row.put("examples_per_s", result.examplesPerSecond());
            putFinite(row, "examples_per_cpu_s", result.examplesPerProcessorSecond());
            putFinite(row, "speed_to_default", Comparison.speedRatio(result, comparison.standard()));
            putFinite(row, "loss_to_default", Comparison.lossRatio(result, comparison.standard()));
            putFinite(row, "speed_to_best", Comparison.speedRatio(result, comparison.best()));
            putFinite(row, "loss_to_best", Comparison.lossRatio(result, comparison.best()));
            ArrayNode seconds = row.putArray("seconds");
            ArrayNode processorSeconds = row.putArray("cpu_seconds");
            for (Time time : result.times()) {
                seconds.add(time.seconds());
                processorSeconds.add(time.processorSeconds());
            }
            row.put("time_includes", result.timed());
        }
    }

    private static void putFinite(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
