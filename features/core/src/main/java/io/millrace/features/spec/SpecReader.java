package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a pipeline spec, strictly. */
public final class SpecReader {
    private static final String ITEM = "item";
    private static final int LARGEST_CROSS = 4;
    private static final Kind<FeatureKind> FEATURE_KIND = Kind.oneOf(FeatureKind.values(), FeatureKind::text);

    private final String source;
    private final List<SpecProblem> problems = new ArrayList<>();

    private SpecReader(String source) {
        this.source = source;
    }

    /**
     * @param source how the text is called in problems, usually its file name
     * @throws SpecException with every problem of the text
     */
    public static PipelineSpec read(String text, String source) {
        SpecReader reader = new SpecReader(source);
        PipelineSpec spec = reader.read(text);
        if (!reader.problems.isEmpty()) {
            reader.problems.sort(Comparator.comparingInt(SpecProblem::line).thenComparingInt(SpecProblem::column));
            throw new SpecException(source, reader.problems);
        }
        return spec;
    }

    private PipelineSpec read(String text) {
        Section root = new Section("", compose(text), problems);
        String pipeline = root.value(Settings.PIPELINE, "pipeline");
        DecisionSpec decision = decision(root.section("decision"));
        FeedbackSpec feedback = feedback(root.section("feedback"));
        List<List<String>> crosses = crosses(root, decision);
        ModelSpec model = model(root.section("model"));
        PolicySpec policy = policy(root.section("policy"), decision);
        Section snapshot = root.section("snapshot");
        SnapshotSpec snapshots = new SnapshotSpec(snapshot.value(Settings.EVERY), snapshot.value(Settings.BASE));
        snapshot.reportUnknown();
        root.reportUnknown();
        return new PipelineSpec(pipeline, decision, feedback, crosses, model, policy, snapshots);
    }

    private Node compose(String text) {
        LoadSettings settings =
                LoadSettings.builder().setAllowDuplicateKeys(true).build();
        try {
            return new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> unreadable(1, 1, Problem.missing("spec", "a mapping of settings")));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw unreadable(
                    mark.map(Mark::getLine).orElse(0) + 1,
                    mark.map(Mark::getColumn).orElse(0) + 1,
                    new Problem("spec", e.getProblem(), "YAML 1.2"));
        } catch (YamlEngineException e) {
            throw unreadable(1, 1, new Problem("spec", String.valueOf(e.getMessage()), "YAML 1.2"));
        }
    }

    private SpecException unreadable(int line, int column, Problem problem) {
        return new SpecException(source, List.of(new SpecProblem(line, column, problem)));
    }

    private DecisionSpec decision(Section section) {
        String subject = section.value(Settings.SUBJECT, "subject");
        List<Feature> context = features(section.section("context"));
        Section candidateSection = section.section("candidate");
        List<Feature> candidate = features(candidateSection);
        if (candidate.isEmpty()) {
            section.report(
                    section.where("candidate"),
                    Problem.missing("decision.candidate", "at least one feature and its kind"));
        }
        int slots = section.value(Settings.SLOTS).intValue();
        Set<String> names = new HashSet<>(Set.of(subject));
        for (Feature feature : context) {
            reportRepeated(section, "context", names, feature);
        }
        for (Feature feature : candidate) {
            reportRepeated(section, "candidate", names, feature);
            if (feature.name().equals(ITEM) && feature.kind() != FeatureKind.CATEGORICAL) {
                candidateSection.report(
                        candidateSection.where(ITEM),
                        new Problem(
                                "decision.candidate.item", feature.kind().text(), "categorical: it is the item's id"));
            }
        }
        section.reportUnknown();
        return new DecisionSpec(subject, context, candidate, slots);
    }

    private void reportRepeated(Section section, String key, Set<String> names, Feature feature) {
        if (!names.add(feature.name())) {
            section.report(
                    section.where(key),
                    new Problem(section.at(key) + "." + feature.name(), "declared before", "a name of its own"));
        }
    }

    private List<Feature> features(Section section) {
        List<Feature> features = new ArrayList<>();
        for (String name : section.names()) {
            section.node(name)
                    .flatMap(node -> section.scalar(node, section.at(name), FEATURE_KIND))
                    .ifPresent(kind -> {
                        if (Kind.name().parse().apply(name).isEmpty()) {
                            section.report(
                                    section.where(name),
                                    new Problem(
                                            section.at(name), name, Kind.name().expected()));
                        } else {
                            features.add(new Feature(name, kind));
                        }
                    });
        }
        return features;
    }

    private FeedbackSpec feedback(Section section) {
        Section rewards = section.section("reward");
        Map<String, Double> reward = new LinkedHashMap<>();
        for (String kind : rewards.names()) {
            rewards.node(kind)
                    .flatMap(node -> rewards.scalar(node, rewards.at(kind), Kind.number()))
                    .ifPresent(value -> reward.put(kind, value));
        }
        if (rewards.names().isEmpty()) {
            section.report(
                    section.where("reward"),
                    Problem.missing("feedback.reward", "at least one kind of feedback and its reward"));
        }
        Set<String> finalKinds = new HashSet<>();
        section.node("final").ifPresent(node -> finalKinds.addAll(section.names(node, "feedback.final")));
        Duration window = section.value(Settings.WINDOW);
        Duration late = section.has("late") || window.compareTo(Settings.LATE.defaultValue()) <= 0
                ? section.value(Settings.LATE)
                : window;
        if (late.compareTo(window) < 0) {
            section.report(
                    section.where("late"),
                    new Problem("feedback.late", Kind.show(late), "at least feedback.window, " + Kind.show(window)));
        }
        section.reportUnknown();
        return new FeedbackSpec(reward, finalKinds, window, late);
    }

    private List<List<String>> crosses(Section root, DecisionSpec decision) {
        Optional<Node> given = root.node("crosses");
        if (given.isEmpty()) {
            return List.of();
        }
        if (!(given.get() instanceof SequenceNode sequence)) {
            root.report(given.get(), new Problem("crosses", Section.show(given.get()), "a list of lists of features"));
            return List.of();
        }
        Set<String> declared = new TreeSet<>();
        decision.shared().forEach(feature -> declared.add(feature.name()));
        decision.candidate().forEach(feature -> declared.add(feature.name()));
        List<List<String>> crosses = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            String name = "crosses[" + crosses.size() + "]";
            List<String> cross = root.names(element, name);
            checkCross(root, element, name, cross, declared);
            if (crosses.contains(cross)) {
                root.report(element, new Problem(name, cross.toString(), "a cross that is not there already"));
            }
            crosses.add(cross);
        }
        return crosses;
    }

    private void checkCross(Section root, Node element, String name, List<String> cross, Set<String> declared) {
        for (String feature : cross) {
            if (!declared.contains(feature)) {
                root.report(element, new Problem(name, feature, "a declared feature: " + String.join(", ", declared)));
            }
        }
        if (cross.size() < 2 || cross.size() > LARGEST_CROSS || new HashSet<>(cross).size() < cross.size()) {
            root.report(element, new Problem(name, cross.toString(), "2 to " + LARGEST_CROSS + " different features"));
        }
    }

    private ModelSpec model(Section section) {
        String learner = section.node("learner")
                .flatMap(node -> section.scalar(
                        node,
                        "model.learner",
                        new Kind<>(
                                "one of " + String.join(", ", new TreeMap<>(Settings.LEARNERS).keySet()),
                                text -> Optional.of(text).filter(Settings.LEARNERS::containsKey))))
                .orElse(Settings.DEFAULT_LEARNER);
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

    private PolicySpec policy(Section section, DecisionSpec decision) {
        PolicySpec.Explore explore = section.value(Settings.EXPLORE);
        double epsilon = section.value(Settings.EPSILON);
        if (explore == PolicySpec.Explore.GREEDY) {
            if (section.has("epsilon") && epsilon > 0) {
                section.report(
                        section.where("epsilon"),
                        new Problem(
                                "policy.epsilon",
                                Double.toString(epsilon),
                                "absent or 0 where policy.explore is greedy"));
            }
            epsilon = 0;
        }
        double control = section.value(Settings.CONTROL);
        double popularity;
        String by = Settings.POPULARITY_BY.defaultValue();
        Optional<Node> node = section.node("popularity");
        if (node.isPresent() && !(node.get() instanceof MappingNode)) {
            popularity = section.scalar(node.get(), "policy.popularity", Settings.POPULARITY.kind())
                    .orElse(0.0);
        } else {
            Section inner = section.section("popularity");
            popularity = inner.value(Settings.POPULARITY);
            by = inner.value(Settings.POPULARITY_BY);
            inner.reportUnknown();
            checkPopularityBy(inner, by, decision);
        }
        if (control + popularity > 1) {
            section.report(
                    section.where("control"),
                    new Problem(
                            "policy.control + policy.popularity", Double.toString(control + popularity), "at most 1"));
        }
        section.reportUnknown();
        return new PolicySpec(explore, epsilon, control, popularity, by);
    }

    private void checkPopularityBy(Section section, String by, DecisionSpec decision) {
        boolean known = by.equals(ITEM) || decision.candidate().contains(new Feature(by, FeatureKind.CATEGORICAL));
        if (!known) {
            section.report(
                    section.where("by"),
                    new Problem("policy.popularity.by", by, "a categorical feature of decision.candidate, or item"));
        }
    }
}
