package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The spec that flags stand for, as text: all columns are features of the candidate, and nobody is the subject. */
final class FlagSpec {
    private static final String OFFSET = "offset";

    private final String pipeline;
    private final LearnOptions.Features flags;
    private final LearnOptions.Model model;
    private final ChosenFeatures chosen;
    private final FeatureNames names;
    private final boolean hasBase;

    /** @param hasBase whether the column of initial predictions is there, which is the offset unless a setting says otherwise */
    FlagSpec(
            String pipeline,
            LearnOptions.Features flags,
            LearnOptions.Model model,
            ChosenFeatures chosen,
            FeatureNames names,
            boolean hasBase) {
        this.pipeline = pipeline;
        this.flags = flags;
        this.model = model;
        this.chosen = chosen;
        this.names = names;
        this.hasBase = hasBase;
    }

    /** A pipeline's name for a file's. */
    static String pipeline(String file) {
        int dot = file.indexOf('.', 1);
        return FeatureNames.of(List.of(dot < 0 ? file : file.substring(0, dot)))
                .feature(dot < 0 ? file : file.substring(0, dot));
    }

    /**
     * Reads the text back.
     *
     * @throws StartException with every problem of the flags that became settings
     */
    static PipelineSpec read(String text) throws StartException {
        try {
            return SpecReader.read(text, "flags");
        } catch (SpecException e) {
            throw new StartException(
                    e.problems().stream()
                            .map(problem -> problem.problem().toString())
                            .collect(Collectors.joining("\n")),
                    e);
        }
    }

    /** What is wrong with a model's settings, whatever its features. */
    static List<Problem> problems(LearnOptions.Model model) {
        StringBuilder yaml = new StringBuilder("""
                pipeline: flags
                decision: {subject: subject, candidate: {any: numeric}}
                feedback: {reward: {reward: 1}}
                """);
        appendModel(model, false, yaml);
        try {
            SpecReader.read(yaml.toString(), "flags");
            return List.of();
        } catch (SpecException e) {
            return e.problems().stream()
                    .map(problem -> problem.problem())
                    .filter(problem -> !problem.name().equals("model." + OFFSET))
                    .toList();
        }
    }

    /** YAML that {@code millrace up} reads, too. */
    String text() {
        StringBuilder yaml = new StringBuilder();
        yaml.append("pipeline: ").append(pipeline).append('\n');
        yaml.append("decision:\n  subject: ").append(subject()).append("\n  candidate:\n");
        features()
                .forEach((name, kind) -> yaml.append("    ")
                        .append(name)
                        .append(": ")
                        .append(kind.text())
                        .append('\n'));
        yaml.append("feedback:\n  reward: {reward: 1}\n");
        if (!chosen.crosses().isEmpty()) {
            yaml.append("crosses:\n");
            chosen.crosses()
                    .forEach(cross -> yaml.append("  - [")
                            .append(cross.stream().map(names::feature).collect(Collectors.joining(", ")))
                            .append("]\n"));
        }
        if (!chosen.bins().isEmpty()) {
            yaml.append("bins:\n");
            chosen.bins()
                    .forEach((column, how) -> yaml.append("  ")
                            .append(names.feature(column))
                            .append(": ")
                            .append(how)
                            .append('\n'));
        }
        appendModel(model, hasBase, yaml);
        return yaml.toString();
    }

    private Map<String, FeatureKind> features() {
        Map<String, FeatureKind> features = new LinkedHashMap<>();
        chosen.kinds().forEach((column, kind) -> features.put(names.feature(column), kind));
        boolean isClass = model.all().getOrDefault("loss", "logistic").equals("logistic");
        for (int k = 1; k <= flags.lags(); k++) {
            features.put(Lags.name(k), isClass ? FeatureKind.CATEGORICAL : FeatureKind.NUMERIC);
        }
        return features;
    }

    private String subject() {
        Map<String, FeatureKind> features = features();
        String subject = "subject";
        while (features.containsKey(subject)) {
            subject = "_" + subject;
        }
        return subject;
    }

    private static void appendModel(LearnOptions.Model model, boolean hasBase, StringBuilder yaml) {
        Map<String, Object> section = new LinkedHashMap<>();
        if (hasBase) {
            section.put(OFFSET, Sample.BASE);
        }
        model.all().forEach((key, value) -> put(section, key, value));
        if (!section.isEmpty()) {
            yaml.append("model:\n");
            append(section, "  ", yaml);
        }
    }

    /** Puts {@code ids.table} into the mapping {@code ids}. */
    private static void put(Map<String, Object> mapping, String key, String value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            mapping.put(key, value);
            return;
        }
        Object inner = mapping.computeIfAbsent(key.substring(0, dot), name -> new LinkedHashMap<String, Object>());
        if (inner instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked")
            Map<String, Object> section = (Map<String, Object>) map;
            put(section, key.substring(dot + 1), value);
        }
    }

    private static void append(Map<?, ?> mapping, String indent, StringBuilder yaml) {
        mapping.forEach((key, value) -> {
            yaml.append(indent).append(scalar(String.valueOf(key))).append(':');
            if (value instanceof Map<?, ?> inner) {
                yaml.append('\n');
                append(inner, indent + "  ", yaml);
            } else {
                yaml.append(' ').append(scalar(String.valueOf(value))).append('\n');
            }
        });
    }

    private static String scalar(String text) {
        return text.matches("[A-Za-z0-9_.+][A-Za-z0-9_.+-]*|-[0-9.]+")
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    /** Names that features of the model could not have. */
    static List<Problem> clashes(LearnOptions.Features flags, Sample sample) {
        List<Problem> clashes = new ArrayList<>();
        for (int k = 1; k <= flags.lags(); k++) {
            if (sample.columns().contains(Lags.name(k))) {
                clashes.add(new Problem("--lag-label", Lags.name(k), "no column of the file is called so"));
            }
        }
        return clashes;
    }
}
