package io.millrace.features.spec;

import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the section {@code feedback}. */
final class FeedbackReader {
    private FeedbackReader() {}

    static FeedbackSpec read(Section section) {
        Map<String, Take> take = new LinkedHashMap<>();
        Map<String, Double> reward = rewards(section.section("reward"), take);
        Set<String> finalKinds = new HashSet<>();
        section.node("final")
                .flatMap(node -> section.names(node, Settings.FINAL.path()))
                .ifPresent(names -> names.forEach(name -> finalKinds.add(name.text())));
        Duration window = section.value(Settings.WINDOW);
        Duration late = late(section, window);
        LabelSpec labels = new LabelSpec(
                take,
                section.value(Settings.COMBINE),
                section.given(Settings.EXPOSURE).orElse(null),
                section.value(Settings.LABELS));
        SampleSpec sample = sample(section.section("sample"));
        FeedbackSpec.Match match = section.value(Settings.MATCH);
        section.reportUnknown();
        return new FeedbackSpec(reward, finalKinds, window, late, labels, sample, match);
    }

    private static SampleSpec sample(Section section) {
        SampleSpec sample =
                new SampleSpec(section.value(Settings.SAMPLE_NEGATIVES), section.value(Settings.SAMPLE_SEED));
        section.reportUnknown();
        return sample;
    }

    private static Map<String, Double> rewards(Section rewards, Map<String, Take> take) {
        Map<String, Double> reward = new LinkedHashMap<>();
        for (String kind : rewards.names()) {
            if (Kind.name().parse().apply(kind).isEmpty()) {
                rewards.report(
                        rewards.key(kind),
                        new Problem(rewards.at(kind), kind, Kind.name().expected()));
            }
            Node node = rewards.node(kind).orElseThrow();
            if (node instanceof MappingNode) {
                Section rule = rewards.section(kind);
                reward.put(kind, rule.value(Settings.KIND_REWARD, 0.0));
                take.put(kind, rule.value(Settings.KIND_TAKE));
                rule.reportUnknown();
            } else {
                rewards.scalar(node, rewards.at(kind), Settings.KIND_REWARD.kind())
                        .ifPresent(value -> reward.put(kind, value));
            }
        }
        if (rewards.names().isEmpty()) {
            rewards.reportMissing(Settings.REWARD);
        }
        return reward;
    }

    /** A window longer than the default of {@code late} moves it. */
    private static Duration late(Section section, Duration window) {
        Duration late = section.value(Settings.LATE);
        if (late.compareTo(window) >= 0) {
            return late;
        }
        if (section.has(Settings.LATE.key()) && section.isSound(Settings.LATE) && section.isSound(Settings.WINDOW)) {
            section.report(
                    section.where(Settings.LATE.key()),
                    new Problem(
                            Settings.LATE.path(), Units.show(late), "at least feedback.window, " + Units.show(window)));
        }
        return window;
    }
}
