package io.millrace.bench.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What came of all entrants as one JSON object. */
public final class CourseReport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private CourseReport() {}

    /**
     * @param machine what it ran on, by name
     * @param reference who ratios are to, if anybody
     */
    public static String of(Map<String, String> machine, int examples, List<Laps> outcomes, Optional<Laps> reference) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode on = root.putObject("machine");
        machine.forEach(on::put);
        root.put("examples", examples);
        outcomes.forEach(laps -> put(root.withArray("results").addObject(), laps, reference));
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(ObjectNode node, Laps laps, Optional<Laps> reference) {
        node.put("way", laps.way());
        node.put("learner", laps.setting());
        putFinite(node, "examples_per_s", laps.median(Lap::rate));
        putFinite(
                node,
                "speed_to_vw",
                reference.map(other -> laps.ratio(Lap::rate, other)).orElse(Double.NaN));
        node.put("time_includes", laps.timed());
        node.put("digest", laps.digest());
        for (Lap lap : laps.laps()) {
            ObjectNode row = node.withArray("laps").addObject();
            putFinite(row, "examples_per_s", lap.rate());
            putFinite(row, "middle_per_s", lap.middleRate());
            row.put("from_start_per_s", lap.wholeRate());
            row.put("start_s", lap.startSeconds());
            putFinite(row, "cpu_us_per_example", lap.processorMicros());
            row.put("checkpoints", lap.checkpoints());
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
