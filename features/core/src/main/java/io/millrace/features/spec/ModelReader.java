package io.millrace.features.spec;

import java.util.Map;
import java.util.TreeMap;

/** Reads the section {@code model}. */
final class ModelReader {
    private ModelReader() {}

    static ModelSpec read(Section section) {
        String learner = section.value(Settings.LEARNER);
        Map<String, Double> settings = new TreeMap<>();
        for (Setting<Double> setting : Settings.LEARNERS.get(learner)) {
            settings.put(setting.key(), section.value(setting));
        }
        ModelSpec model = new ModelSpec(
                learner,
                section.value(Settings.LOSS),
                section.value(Settings.BITS).intValue(),
                section.value(Settings.SEED),
                settings);
        section.reportUnknown();
        return model;
    }
}
